const longestText = 100;
const ascii = /^[\0-\x7f]*$/;
/** Digits and what people set between them, in print, in brackets or in a spreadsheet. */
const readable = /^[\d\s+().[\]~\-/\u00b7\u2010-\u2015\u2212\u2053\u223c\u30fc]+$/;
/** WhatsApp's own ids; those that end in @lid or @g.us hold no number. */
const whatsappId = /^\+?(\d{5,20})(?:[.:]\d+)*@(?:c\.us|s\.whatsapp\.net)$/i;
const whatsappLink =
  /^(?:https?:\/\/)?(?:wa\.me\/|api\.whatsapp\.com\/send\/?\?phone=)(?:\+|%2b)?(\d{5,20})\/?$/i;
const scheme = /^(?:tel|sms|callto|whatsapp):(?:\/\/)?/i;

/**
 * The digits of a number as people, address books, spreadsheets, links and WhatsApp write it:
 * latin, with a plus in front when international; undefined for what is more than a number.
 */
export function readPhoneText(text: string): string | undefined {
  if (text === '' || text.length > longestText) return undefined;
  if (/^\+?[1-9]\d*$|^0[1-9]\d*$/.test(text)) return text;
  const plain = ascii.test(text)
    ? text
    : latinDigits(text.normalize('NFKC').replace(/\p{Cf}/gu, ''));
  return digitsOf(plain) ?? digitsOf(numberIn(plain.trim()));
}

/** Puts 0 to 9 in place of the decimal digits of any script. */
export function latinDigits(text: string): string {
  if (ascii.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    // Sets of ten may touch each other.
    return String((code - zero) % 10);
  });
}

/** The number in a spreadsheet's text ('… or ="…"), in an id of WhatsApp's or in a link. */
function numberIn(text: string): string {
  const bare = text.replace(/^=?"(.*)"$/, '$1').replace(/^['`\u2018\u2019]/, '');
  const [, international] = whatsappId.exec(bare) ?? whatsappLink.exec(bare) ?? [];
  if (international !== undefined) return `+${international}`;
  return scheme.test(bare) ? linkedNumber(bare) : bare;
}

/** The number of a link (RFC 3966), its country put in front where a parameter names it. */
function linkedNumber(link: string): string {
  const [number = '', ...parameters] = link
    .replace(scheme, '')
    .replace(/%2b/gi, '+')
    .replace(/%20/g, ' ')
    .split(/[;?]/);
  if (number.includes('+')) return number;
  const context = parameters.find((parameter) => /^phone-context=\+[\d.()-]+$/i.test(parameter));
  return context === undefined ? number : context.slice('phone-context='.length) + number;
}

function digitsOf(text: string): string | undefined {
  if (!readable.test(text) || text.lastIndexOf('+') > text.search(/[+\d]/)) return undefined;
  const digits = text.replace(/\D/g, '');
  if (text.includes('+')) return `+${digits}`;
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
}
