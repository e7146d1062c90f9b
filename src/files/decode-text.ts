/** The text of a file: UTF-8, or UTF-8 and UTF-16 (either byte order) as its mark says. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return utf8(bytes.subarray(3));
  if (first === 0xff && second === 0xfe) return utf16(bytes.subarray(2));
  if (first === 0xfe && second === 0xff) return utf16(swapped(bytes.subarray(2)));
  return utf8(bytes);
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function utf16(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');
}

function swapped(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}
