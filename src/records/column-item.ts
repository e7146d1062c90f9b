/** One item of --columns. */
export interface ColumnItem {
  readonly header: string | undefined;
  readonly name: string;
}

/** `HEADER=COLUMN` split at its first `=`, `\\=` being a plain one. */
export function readItem(text: string): ColumnItem {
  const [, header, name] = /^((?:\\=|[^=\\]|\\(?!=))*)=(.*)$/s.exec(text) ?? [];
  const plain = (part: string) => part.replaceAll('\\=', '=').trim();
  return header === undefined || name === undefined
    ? { header: undefined, name: plain(text) }
    : { header: plain(header), name: plain(name) };
}
