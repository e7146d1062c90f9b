/** A command line that a POSIX shell reads as these words. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}

function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
