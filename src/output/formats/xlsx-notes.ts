import { declaration, escapeXml, letters, main, office, packaging } from './xlsx-parts.ts';

/** A note on a cell of the header: shown when the pointer rests there. */
export interface HeaderNote {
  /** From 0. */
  readonly column: number;
  readonly text: string;
}

export function commentsXml(notes: readonly HeaderNote[]): string {
  const list = notes.map(
    ({ column, text }) =>
      `<comment ref="${letters(column)}1" authorId="0"><text><t>${escapeXml(text)}</t></text></comment>`,
  );
  return `${declaration}<comments xmlns="${main}"><authors><author>reekolect</author></authors>\
<commentList>${list.join('')}</commentList></comments>`;
}

/** Where notes are drawn, by ids that no other sheet has: Excel repairs a file without this. */
export function notesDrawing(notes: readonly HeaderNote[], sheet: number): string {
  const shapes = notes.map(
    ({ column }, i) => `<v:shape id="_x0000_s${1024 * sheet + 1 + i}" type="#_x0000_t202" \
style="position:absolute;visibility:hidden;width:160pt;height:32pt" fillcolor="#ffffe1" o:insetmode="auto">\
<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>\
<v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>\
<x:Anchor>${column + 1}, 15, 1, 2, ${column + 3}, 15, 3, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
<x:Row>0</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`,
  );
  return `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="${sheet}"/></o:shapelayout>\
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>${shapes.join('')}</xml>`;
}

/** What a sheet with notes refers to; the sheet itself names the first. */
export function notesLinks(sheet: number): string {
  return `${declaration}<Relationships xmlns="${packaging}/relationships">\
<Relationship Id="rId1" Type="${office}/vmlDrawing" Target="../drawings/vmlDrawing${sheet}.vml"/>\
<Relationship Id="rId2" Type="${office}/comments" Target="../comments${sheet}.xml"/></Relationships>`;
}
