const simple = /^[ -~]*$/;
const lineBreak = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const unwanted = /[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g;
const loneSurrogate = /\p{Surrogate}/gu;

/** Text that any reader of text can take: every line break is \n, control characters are gone. */
export function plainText(text: string): string {
  if (simple.test(text)) return text;
  return text.replace(lineBreak, '\n').replace(unwanted, '').replace(loneSurrogate, '\ufffd');
}
