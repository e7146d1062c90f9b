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

  /** Notes that `walk` (1 to 255) met the key; returns the walk that met it last, 0 for a new one. */
  meet(key: string, walk: number): number {
    const [a, b, c] = wordsOf(key);
    if (this.size > this.#slots * 0.7) this.#grow();
    const slot = this.#find(a, b, c);
    const before = this.#walks[slot] as number;
    if (before === 0) {
      this.#words.set([a, b, c], slot * 3);
      this.size += 1;
    }
    this.#walks[slot] = walk;
    return before;
  }

  /** Whether any walk met the key. */
  has(key: string): boolean {
    return this.#walks[this.#find(...wordsOf(key))] !== 0;
  }

  #find(a: number, b: number, c: number): number {
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
    this.#slots *= 2;
    this.#words = new Uint32Array(this.#slots * 3);
    this.#walks = new Uint8Array(this.#slots);
    for (let old = 0; old < walks.length; old += 1) {
      if (walks[old] === 0) continue;
      const [a, b, c] = words.subarray(old * 3, old * 3 + 3) as unknown as Words;
      const slot = this.#find(a, b, c);
      this.#words.set([a, b, c], slot * 3);
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

type Words = readonly [number, number, number];

function wordsOf(key: string): Words {
  if (/^[0-9a-f]{24}$/.test(key)) {
    return [
      Number.parseInt(key.slice(0, 8), 16),
      Number.parseInt(key.slice(8, 16), 16),
      Number.parseInt(key.slice(16), 16),
    ];
  }
  const digest = createHash('sha256').update(key).digest();
  return [digest.readUInt32BE(0), digest.readUInt32BE(4), digest.readUInt32BE(8)];
}
