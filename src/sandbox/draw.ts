/** What is drawn for a person; each its own stream, so that any one can be had without the others. */
export const streams = {
  time: 1,
  seen: 2,
  platform: 3,
  status: 4,
  online: 5,
  interacted: 6,
  liveChat: 7,
  ordered: 8,
  orderedAt: 9,
  agent: 10,
  segments: 11,
  tags: 12,
  lastMessageBy: 13,
  bot: 14,
  culture: 15,
  given: 16,
  family: 17,
  name: 18,
  email: 19,
  domain: 20,
  phone: 21,
  place: 22,
  attributes: 23,
  notes: 24,
  device: 25,
  flags: 26,
  uuid: 27,
} as const;

export type Stream = (typeof streams)[keyof typeof streams];

/** The final mix of MurmurHash3: small, and good enough for people. */
export function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 32 bits that depend on nothing but the seed, the person and the stream. */
export function draw(seed: number, person: number, stream: Stream): number {
  return mix(Math.imul(person, 0x9e3779b1) ^ (seed + Math.imul(stream, 0x85ebca77)));
}

export function pick<T>(list: readonly T[], drawn: number): T {
  return list[drawn % list.length] as T;
}

/** Repeats each value as often as its weight says: a list to pick from. */
export function weighted<T>(...choices: readonly (readonly [value: T, weight: number])[]): T[] {
  return choices.flatMap(([value, weight]) => new Array<T>(weight).fill(value));
}
