// JSON is laid out as text, never parsed: numbers keep every digit and keys their order. The
// strings in it may be of many megabytes, which one regex for a whole string does not survive.

// White space between two tokens always has a bracket, colon or comma on one side.
const maybeSpaced = /[\n\r\t]|^ | $|[{}[\]:,] | [{}[\]:,]/;

/** Valid JSON without the white space between its tokens. */
export function compactJson(json: string): string {
  if (!maybeSpaced.test(json)) return json;
  let compact = '';
  for (let from = 0; from < json.length; ) {
    const string = json.indexOf('"', from);
    const end = string < 0 ? json.length : stringEnd(json, string);
    const before = json.slice(from, string < 0 ? end : string);
    compact += before.length === 1 && before > ' ' ? before : before.replace(/[ \n\r\t]+/g, '');
    if (string >= 0) compact += json.slice(string, end);
    from = end;
  }
  return compact;
}

// A record of brackets alone would become a page of blanks.
const deepest = 40;
const punctuation = /[{}[\],:]|[^{}[\],:]+/g;

/** Compact JSON spread over lines for people, all but the first `depth` steps further in. */
export function indentJson(json: string, depth = 0): string {
  const base = depth;
  let level = depth;
  let before = '';
  const line = () => `\n${'  '.repeat(Math.max(0, Math.min(level, deepest + base)))}`;
  const layOut = (token: string) => {
    const opened = before === '{' || before === '[';
    before = token;
    if (token === '}' || token === ']') {
      level -= 1;
      return opened ? token : line() + token;
    }
    const start = opened ? line() : '';
    if (token === '{' || token === '[') level += 1;
    if (token === ',') return token + line();
    return start + (token === ':' ? ': ' : token);
  };
  let text = '';
  for (let from = 0; from < json.length; ) {
    const string = json.indexOf('"', from);
    const end = string < 0 ? json.length : stringEnd(json, string);
    const between = json.slice(from, string < 0 ? end : string);
    text += between.replace(punctuation, layOut);
    if (string >= 0) text += layOut(json.slice(string, end));
    from = end;
  }
  return text;
}

/** Where the string that begins at `start` is over. */
function stringEnd(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (quote > 0 && isEscaped(json, quote)) quote = json.indexOf('"', quote + 1);
  return quote < 0 ? json.length : quote + 1;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
