const printable = /^[ -~]*$/;
const printableLines = /^[ -~\t\n\r]*$/;

const controls = /[\x00-\x08\v\f\x0e-\x1f\x7f-\x9f]/g;
const controlsOrBidi = /[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const lineBreak = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const noXml = /[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g;
const loneSurrogate = /\p{Surrogate}/gu;

/** For formats that keep line breaks as they are: no other control character but the tab. */
export function replaceControls(text: string): string {
  return printableLines.test(text) ? text : text.replace(controls, '\ufffd');
}

/** For one line or many to be read by people in an editor: no control or bidi character. */
export function replaceControlsAndBidi(text: string): string {
  return printableLines.test(text) ? text : text.replace(controlsOrBidi, '\ufffd');
}

/** For formats with rules of their own, vCard and XML: every line break is \n. */
export function normalizeText(text: string): string {
  if (printable.test(text)) return text;
  return text.replace(lineBreak, '\n').replace(noXml, '\ufffd').replace(loneSurrogate, '\ufffd');
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};
const escaped = /[\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** For one line without tabs: `\t \n \r \\`, else `\xNN` and, above that, `\u{NNNN}`. */
export function escapeControls(text: string): string {
  return text.replace(escaped, (character) => shortEscapes[character] ?? escapeOf(character));
}

const escapedInRaw = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** For one line of text as it is, tabs and backslashes included: the same escapes for the others. */
export function escapeInRaw(text: string): string {
  return text.replace(escapedInRaw, (character) => shortEscapes[character] ?? escapeOf(character));
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  return code > 0xff ? `\\u{${hex}}` : `\\x${hex.padStart(2, '0')}`;
}
