import { type HostileRecord, hostileRecords, type Part } from './hostile-records.ts';
import { pick, words } from './lists.ts';

/** Independent random numbers of a person; a name's place is part of what a seed means. */
const streamNames = words(
  'time seen platform status online interacted liveChat ordered orderedAt agent segments tags lastMessageBy bot culture given family name email domain phone place attributes notes device flags uuid',
);
type Stream = (typeof streamNames)[number];
const streams = Object.fromEntries(streamNames.map((name, index) => [name, index + 1])) as Record<
  Stream,
  number
>;

/** A multiple of the cycles of visitors (11 people) and of hostile records (264). */
const archetypes = 528;
const visitorCycle = 11;
const hostileCycle = 15;
const spanMs = 3 * 365 * 86_400_000;

/** Everyone there is. All follows from the seed, so nobody is held in memory. */
export class People {
  readonly seed: number;
  readonly total: number;
  readonly now: number;
  /** When the newest of those there at the start was created. */
  readonly newestAt: number;
  /** Last activity of people who wrote since the start. */
  readonly activity = new Map<number, number>();

  constructor(seed: number, contacts: number, now: Date) {
    this.seed = mix(seed);
    this.total = contacts + Math.floor(contacts / (visitorCycle - 1));
    this.now = now.getTime();
    this.newestAt = this.now - 60_000 - Math.floor(this.person(0).share('time') * 60_000);
  }

  person(number: number): Person {
    return new Person(this, number);
  }
}

/**
 * One of the people, who are numbered from the newest, 0, to the oldest; those who come later are
 * -1, -2, … The 528 archetypes repeat: what is a person's own is their id, times, phone and e-mail.
 */
export class Person {
  readonly people: People;
  readonly number: number;
  readonly archetype: number;

  constructor(people: People, number: number) {
    this.people = people;
    this.number = number;
    // newcomers are never visitors nor hostile
    this.archetype = number >= 0 ? number % archetypes : (-number * visitorCycle) % archetypes;
  }

  /** 32 random bits that all people of the archetype share. */
  draw(stream: Stream): number {
    return draw(this.people.seed, this.archetype, stream);
  }

  pick<T>(list: readonly T[], stream: Stream): T {
    return pick(list, this.draw(stream));
  }

  /** The person's own, from 0 to 1. */
  share(stream: Stream): number {
    return draw(this.people.seed, this.number, stream) / 2 ** 32;
  }

  get isVisitor(): boolean {
    return this.archetype % visitorCycle === visitorCycle - 1;
  }

  get hostile(): HostileRecord | undefined {
    const contact = this.archetype - Math.floor(this.archetype / visitorCycle);
    if (contact % hostileCycle !== 9 || this.isVisitor) return undefined;
    return hostileRecords[Math.floor(contact / hostileCycle) % hostileRecords.length];
  }

  lacks(part: Part): boolean {
    if (this.isVisitor) return part !== 'lastMessage' && part !== 'tags';
    return this.hostile?.lacks?.includes(part) ?? false;
  }

  /** Falls strictly with the number; the company grows, so the newest are the densest. */
  get createdAt(): number {
    const { number, people } = this;
    if (number < 0) return people.now - number * 1000;
    const jitter = number === 0 ? 0 : this.share('time') * 0.9;
    const share = (number + jitter) / people.total;
    return people.newestAt - Math.floor(spanMs * share * (0.3 + 0.7 * share));
  }

  /** An ObjectId: 24 hex digits of seconds, process and counter. */
  get id(): string {
    const { seed } = this.people;
    const seconds = hex(Math.floor(this.createdAt / 1000), 8);
    return seconds + hex(seed, 8) + hex(seed >>> 3, 2) + hex(0xffffff - this.number, 6);
  }
}

function draw(seed: number, number: number, stream: Stream): number {
  return mix(Math.imul(number, 0x9e3779b1) ^ (seed + Math.imul(streams[stream], 0x85ebca77)));
}

/** The final mix of MurmurHash3: small, and good enough for people. */
export function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Cut to the last digits. */
export function hex(value: number, digits: number): string {
  return (value >>> 0).toString(16).padStart(digits, '0').slice(-digits);
}
