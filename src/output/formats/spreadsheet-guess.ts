const longest = 64;
const longestNumber = 12;
const longestWord = 16;
const plainNumber = /^(?!-0$)-?(?:0|[1-9]\d{0,10})(?:\.\d*[1-9])?$/;

/** Halves of the day, the T and Z of ISO 8601, exponents, and the sign of the rand. */
const marks =
  /(?<=\d) ?[ap](?:\.?m\.?)?$|(?<=\d)t(?=\d)|(?<=\d) ?(?:z|utc|gmt)$|(?<=\d\.?)e(?=[+-]?\d)|^r ?(?=\d)/gi;

const signs = "\\d .,:()%/+'’\\u00a0\\u202f\\p{Sc}-";
const digitsAndSigns = new RegExp(`^[${signs}]*\\d[${signs}]*$`, 'u');

// Months and days as spreadsheets of several languages know them.
const words = new Set(
  [
    'jan january januar januari janv janvier janeiro ene enero gen gennaio',
    'feb february februar februari févr février fev fevereiro febrero febbraio',
    'mar march mär märz maart mrt mars março marzo apr april avr avril abr abril aprile',
    'may mai mei mayo maio mag maggio maj jun june juni juin junho junio giu giugno',
    'jul july juli juil juillet julho julio lug luglio aug august augustus août ago agosto',
    'sep sept september septembre septiembre set setembro settembre',
    'oct october okt oktober octobre octubre out outubro ott ottobre',
    'nov november novembre noviembre novembro dec december dez dezember des desember',
    'décembre dic diciembre dezembro dicembre de',
    'mon monday tue tues tuesday wed wednesday thu thurs thursday fri friday sat saturday',
    'sun sunday',
  ].flatMap((line) => line.split(' ')),
);

// Truth in those languages, and what stands for an error.
const alone = new Set(
  [
    'true false wahr falsch vrai faux verdadero falso waar onwaar vero verdadeiro',
    '#n/a #ref! #value! #div/0! #name? #null! #num!',
  ].flatMap((line) => line.split(' ')),
);

/** Whether a spreadsheet would take text for a number, a date, a time or the like, and change it. */
export function isGuessedAt(text: string): boolean {
  if (text.length > longest) return false;
  if (!/\d/.test(text)) return text.length < longestWord && alone.has(withoutSpaces(text));
  if (plainNumber.test(text) && text.length <= longestNumber) return false;
  if (/[@_"]|[^\S \u00a0\u202f]/.test(text)) return false;
  const rest = text.trim().toLowerCase().replace(marks, ' ');
  const found = rest.match(/\p{L}+/gu) ?? [];
  return found.every((it) => words.has(it)) && digitsAndSigns.test(rest.replace(/\p{L}+/gu, ''));
}

/** Other blanks than spaces stay: they could end the cell, and what follows would run. */
function withoutSpaces(text: string): string {
  return text.replace(/^ +| +$/g, '').toLowerCase();
}
