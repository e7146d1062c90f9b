/** Made when first needed: its data take milliseconds to load. */
let segmenter: Intl.Segmenter | undefined;

// V8 copies the whole text for each step of a segmenter: in one go, long text takes for ever.
const blockLength = 256;

/** The characters as people count them, each with its place; in time that grows with the text. */
export function* graphemesOf(text: string): Generator<readonly [grapheme: string, index: number]> {
  segmenter ??= new Intl.Segmenter();
  let start = 0;
  let length = blockLength;
  while (start < text.length) {
    // Half of a pair at the end of a block would be a character of its own.
    const isSplit = /[\ud800-\udbff]/.test(text.charAt(start + length - 1));
    const block = text.slice(start, start + length + Number(isSplit));
    const isLast = start + block.length >= text.length;
    let done = 0;
    for (const { segment, index } of segmenter.segment(block)) {
      // The last one may go on in the next block.
      if (!isLast && index + segment.length === block.length) break;
      yield [segment, start + index];
      done = index + segment.length;
    }
    length = done === 0 ? length * 2 : blockLength;
    start += done;
  }
}
