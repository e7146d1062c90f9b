const plain = /^[a-z\d]/i;

// Spreadsheets skip leading blanks and invisible characters, and some fold full-width and small
// forms into ASCII before they look for a formula.
const formula =
  /^(?:[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠﹦﹢﹣﹫−]|[\t\r\n])/u;

// Digits and their punctuation can at worst be arithmetic, and phones must survive re-import.
const phone = /^ *\+[\d .()\u00a0\u202f-]+$/;
const number = /^ *[+-](?:\d[\d.,]*|\.\d+)(?:e[+-]?\d+)? *$/i;

/** Text that a spreadsheet would run as a formula gets a leading `'`, which makes it text. */
export function guardFormula(text: string): string {
  if (plain.test(text)) return text;
  return formula.test(text) && !isPhone(text) && !number.test(text) ? `'${text}` : text;
}

function isPhone(text: string): boolean {
  if (!phone.test(text)) return false;
  const digits = text.replace(/\D/g, '').length;
  return digits >= 6 && digits <= 15;
}
