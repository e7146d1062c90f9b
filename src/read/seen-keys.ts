import { createHash } from 'node:crypto';

/**
 * Which contacts were seen, and in which walk last. A key takes 13 bytes, so that a million
 * fit in some 27 MB: an ObjectId is stored as its 12 bytes, any other key as 12 bytes of its
 * SHA-256. Open addressing with linear probing; grows by doubling at 70 % full.
 */
export class SeenKeys {
  size = 0;
  #slots = 1024;
  #words = new Uint32Array(this.#slots * 3);
  #walks = new Uint8Array(this.#slots);

  /** The words of the key in question: room that is used again, since this runs for every contact. */
  readonly #key = new Uint32Array(3);

  /** Notes that `walk` (1 to 255) met the key; returns the walk that met it last, 0 for a new one. */
  meet(key: string, walk: number): number {
    readWords(key, this.#key);
    if (this.size > this.#slots * 0.7) this.#grow();
    const slot = this.#find(this.#key);
    const before = this.#walks[slot] as number;
    if (before === 0) {
      this.#words.set(this.#key, slot * 3);
      this.size += 1;
    }
    this.#walks[slot] = walk;
    return before;
  }

  /** Whether any walk met the key. */
  has(key: string): boolean {
    readWords(key, this.#key);
    return this.#walks[this.#find(this.#key)] !== 0;
  }

  #find(key: Uint32Array): number {
    const a = key[0] as number;
    const b = key[1] as number;
    const c = key[2] as number;
    const mask = this.#slots - 1;
    let slot = mix(a, b, c) & mask;
    for (;;) {
      const at = slot * 3;
      const words = this.#words;
      if (this.#walks[slot] === 0) return slot;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const words = this.#words;
    const walks = this.#walks;
    const key = new Uint32Array(3);
    this.#slots *= 2;
    this.#words = new Uint32Array(this.#slots * 3);
    this.#walks = new Uint8Array(this.#slots);
    for (let old = 0; old < walks.length; old += 1) {
      if (walks[old] === 0) continue;
      for (let word = 0; word < 3; word += 1) key[word] = words[old * 3 + word] as number;
      const slot = this.#find(key);
      this.#words.set(key, slot * 3);
      this.#walks[slot] = walks[old] as number;
    }
  }
}

/** An ObjectId is a clock and a counter that may step together: each is spread before the next comes in. */
function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function readWords(key: string, words: Uint32Array): void {
  if (readObjectId(key, words)) return;
  // In UTF-8 all halves of characters would be one.
  const digest = createHash('sha256').update(key, 'utf16le').digest();
  for (let word = 0; word < 3; word += 1) words[word] = digest.readUInt32BE(word * 4);
}

/** False for a key of another form. */
function readObjectId(key: string, words: Uint32Array): boolean {
  if (key.length !== 24) return false;
  for (let at = 0; at < 24; at += 1) {
    const digit = hexDigit(key.charCodeAt(at));
    if (digit < 0) return false;
    words[at >> 3] = ((words[at >> 3] as number) << 4) | digit;
  }
  return true;
}

/** Of `0` to `9` and `a` to `f`; -1 for other characters. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
