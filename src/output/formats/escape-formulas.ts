// Where a reader may split a cell that another would keep whole.
const separator = /([,;|\t\n\r\v\f\x85\u2028\u2029])/;
const harmless = /^[a-z\d][^,;|\t\n\r\v\f\x85\u2028\u2029]*$/i;

// Spreadsheets skip leading blanks and invisible characters, and some fold full-width and small
// forms into ASCII before they look for a formula.
const skipped = '\\s\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}';
const signs = '=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufb29\u2212';
const formula = new RegExp(`^[${skipped}]*[${signs}]`, 'u');
const sign = new RegExp(`[${signs}]`);
const startsBlank = /^[\t\r\n]/;
const quotedFormula = new RegExp(`^["${skipped}]*[${signs}]`, 'u');

// Digits and their punctuation can at worst be arithmetic, and phones must survive re-import.
const phone = /^ *\+[\d .()\u00a0\u202f-]+$/;
const number = /^ *[+-](?:\d[\d.]*|\.\d+)(?:e[+-]?\d+)? *$/i;

/**
 * Text that a spreadsheet would run as a formula gets a leading `'`, which makes it text; so does
 * each part of it that a reader could split off. `unquoted`: the format does not double quotes, so
 * that a reader may strip those around the cell.
 */
export function escapeFormulas(text: string, unquoted = false): string {
  if (harmless.test(text)) return text;
  if (!sign.test(text)) return startsBlank.test(text) ? `'${text}` : text;
  const [first = '', ...rest] = text.split(separator);
  const runs = (unquoted ? quotedFormula : formula).test(first);
  let escaped = first;
  let onlyNumbers = isNumber(first);
  for (let at = 0; at < rest.length; at += 2) {
    const part = rest[at + 1] ?? '';
    onlyNumbers &&= part === '' || isNumber(part);
    const partRuns = sign.test(part) && quotedFormula.test(part) && !isNumber(unwrapped(part));
    escaped += `${rest[at]}${partRuns ? "'" : ''}${part}`;
  }
  return (runs && !onlyNumbers) || startsBlank.test(text) ? `'${escaped}` : escaped;
}

function isNumber(text: string): boolean {
  return number.test(text) || /^[ \d.]*$/.test(text) || isPhone(text);
}

function isPhone(text: string): boolean {
  if (!phone.test(text)) return false;
  const digits = text.replace(/\D/g, '').length;
  return digits >= 6 && digits <= 15;
}

/** A number of a JSON list, without what the list puts around it. */
function unwrapped(part: string): string {
  return part.replace(/^"/, '').replace(/["\]}]{1,100}$/, '');
}
