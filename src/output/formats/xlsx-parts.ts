/** The parts of a workbook that are not sheets. ECMA-376 calls the namespaces by these addresses. */
export const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
export const packaging = 'http://schemas.openxmlformats.org/package/2006';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
export const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Places in the list of cell styles below. */
export const cellStyle = { plain: 0, head: 1, time: 2, text: 3 } as const;

export const styles = `${declaration}<styleSheet xmlns="${main}">\
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

export const packageLinks = `${declaration}<Relationships xmlns="${packaging}/relationships">\
<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/>\
<Relationship Id="rId2" Type="${packaging}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`;

/** The document's properties, as a file manager shows them. */
export function coreProperties(description: string): string {
  return `${declaration}<cp:coreProperties xmlns:cp="${packaging}/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>reekolect</dc:creator>\
<dc:description>${escapeXml(description)}</dc:description></cp:coreProperties>`;
}

/** `filters`: what the filter of each sheet covers, `$A$1:$H$31`; none where there is no header. */
export function workbook(sheets: number, filters: readonly string[]): string {
  const list = each(sheets, (n) => `<sheet name="Sheet${n}" sheetId="${n}" r:id="rId${n}"/>`);
  const names = filters.map(
    (range, i) =>
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${i}" hidden="1">Sheet${i + 1}!${range}</definedName>`,
  );
  const defined = names.length > 0 ? `<definedNames>${names.join('')}</definedNames>` : '';
  return `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${list}</sheets>${defined}</workbook>`;
}

export function workbookLinks(sheets: number): string {
  const link = (n: number, type: string, target: string) =>
    `<Relationship Id="rId${n}" Type="${office}/${type}" Target="${target}"/>`;
  const list = each(sheets, (n) => link(n, 'worksheet', `worksheets/sheet${n}.xml`));
  return `${declaration}<Relationships xmlns="${packaging}/relationships">\
${list}${link(sheets + 1, 'styles', 'styles.xml')}</Relationships>`;
}

export function contentTypes(sheets: number, notes: boolean): string {
  const part = (path: string, type: string) =>
    `<Override PartName="/xl/${path}" ContentType="${spreadsheet}.${type}+xml"/>`;
  return `${declaration}<Types xmlns="${packaging}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
${notes ? '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>' : ''}\
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>\
${part('workbook.xml', 'sheet.main')}${part('styles.xml', 'styles')}\
${each(sheets, (n) => part(`worksheets/sheet${n}.xml`, 'worksheet'))}\
${notes ? each(sheets, (n) => part(`comments${n}.xml`, 'comments')) : ''}</Types>`;
}

function each(count: number, write: (n: number) => string): string {
  return Array.from({ length: count }, (_, i) => write(i + 1)).join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character);
}

/** A, B … Z, AA … */
export function letters(index: number): string {
  const before = index >= 26 ? letters(Math.floor(index / 26) - 1) : '';
  return before + String.fromCharCode(65 + (index % 26));
}
