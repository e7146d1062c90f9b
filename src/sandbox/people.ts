import { writeHex } from './bytes.ts';
import { agents, bots, segments } from './companions.ts';
import { draw, mix, pick, type Stream, streams, weighted } from './draw.ts';
import { type Oddity, oddities, type Part } from './oddities.ts';
import { messageAuthors, platforms, statuses, tagSets } from './vocabulary.ts';

/** A multiple of the rounds of visitors (11 people) and of oddities (264). */
const kinds = 528;
const visitorRound = 11;
const oddityRound = 15;
const spanMs = 3 * 365 * 86_400_000;
const noTags: readonly string[] = [];

const segmentIds = segments.map(({ _id }) => _id);
const segmentSets = weighted<readonly string[]>(
  [[], 12],
  ...segmentIds.map((id) => [[id], 2] as const),
  [segmentIds.slice(1, 4), 1],
);
const agentIds = weighted<string>(['', 6], ...agents.map(({ _id }) => [_id, 1] as const));
const botIds: Readonly<Record<string, readonly string[]>> = {
  WEBSITE: bots.website.map(({ _id }) => _id),
  WHATSAPP: bots.whatsapp.map(({ _id }) => _id),
  TELEGRAM: bots.telegram.map(({ _id }) => _id),
  FACEBOOK: bots.facebook.map(({ _id }) => _id),
};

/**
 * People are numbered from the newest, 0, to the oldest; those who come later are -1, -2, …
 * Every trait follows from seed and number, so nobody is held in memory. There are 528 kinds of
 * people; those of one kind differ in id, times, phone and e-mail alone, and share a printed form.
 */
export class People {
  readonly seed: number;
  readonly total: number;
  readonly now: number;
  /** Last activity of people who wrote since the start. */
  readonly #stirred = new Map<number, number>();

  constructor(seed: number, contacts: number, now: Date) {
    this.seed = mix(seed);
    this.total = contacts + Math.floor(contacts / (visitorRound - 1));
    this.now = now.getTime();
  }

  /** Newcomers are never visitors nor odd. */
  kind(person: number): number {
    return person >= 0 ? person % kinds : (-person * visitorRound) % kinds;
  }

  /** What all people of a kind have in common. */
  draw(person: number, stream: Stream): number {
    return draw(this.seed, this.kind(person), stream);
  }

  /** What is a person's own, from 0 to 1. */
  share(person: number, stream: Stream): number {
    return draw(this.seed, person, stream) / 2 ** 32;
  }

  isVisitor(person: number): boolean {
    return this.kind(person) % visitorRound === visitorRound - 1;
  }

  oddity(person: number): Oddity | undefined {
    const kind = this.kind(person);
    const contact = kind - Math.floor(kind / visitorRound);
    if (contact % oddityRound !== 9 || this.isVisitor(kind)) return undefined;
    return oddities[Math.floor(contact / oddityRound) % oddities.length];
  }

  lacks(person: number, part: Part): boolean {
    if (this.isVisitor(person)) return part !== 'lastMessage' && part !== 'tags';
    return this.oddity(person)?.lacks?.includes(part) ?? false;
  }

  /** Falls strictly with the number; the company grows, so the newest are the densest. */
  createdAt(person: number): number {
    if (person < 0) return this.now - person * 1000;
    const jitter = person === 0 ? 0 : this.share(person, streams.time) * 0.9;
    const share = (person + jitter) / this.total;
    const newest = this.now - 60_000 - Math.floor(this.share(0, streams.time) * 60_000);
    return newest - Math.floor(spanMs * share * (0.3 + 0.7 * share));
  }

  /** An ObjectId: 24 hex digits of seconds, process and counter. */
  writeId(bytes: Uint8Array, at: number, person: number): void {
    writeHex(bytes, at, Math.floor(this.createdAt(person) / 1000), 8);
    writeHex(bytes, at + 8, this.seed, 8);
    writeHex(bytes, at + 16, this.seed >>> 3, 2);
    writeHex(bytes, at + 18, 0xffffff - person, 6);
  }

  id(person: number): string {
    const bytes = Buffer.allocUnsafe(24);
    this.writeId(bytes, 0, person);
    return bytes.toString('latin1');
  }

  seenAt(person: number): number {
    const stirred = this.#stirred.get(person);
    if (stirred !== undefined) return stirred;
    const created = this.createdAt(person);
    const age = Math.max(0, this.now - created);
    const share = this.share(person, streams.seen);
    if (this.isOnline(person)) return created + age - Math.floor(Math.min(age, share * 60_000));
    return created + Math.floor(age * share * share * share * share);
  }

  updatedAt(person: number): number {
    return this.seenAt(person) + (this.draw(person, streams.flags) % 900);
  }

  stir(person: number, at: number): void {
    this.#stirred.set(person, at);
  }

  platform(person: number): string {
    return this.isVisitor(person)
      ? 'WEBSITE'
      : pick(platforms, this.draw(person, streams.platform));
  }

  bot(person: number): string {
    const ids = botIds[this.platform(person)];
    return ids === undefined ? '' : pick(ids, this.draw(person, streams.bot));
  }

  status(person: number): string {
    return pick(statuses, this.draw(person, streams.status));
  }

  isOnline(person: number): boolean {
    return this.draw(person, streams.online) % 25 === 0;
  }

  hasInteracted(person: number): boolean {
    return this.draw(person, streams.interacted) % 10 < 6;
  }

  isLiveChatActive(person: number): boolean {
    return this.draw(person, streams.liveChat) % 33 === 0;
  }

  hasOrdered(person: number): boolean {
    return this.draw(person, streams.ordered) % 6 === 0;
  }

  orderedAt(person: number): number {
    const created = this.createdAt(person);
    const share = this.share(person, streams.orderedAt);
    return created + Math.floor((this.seenAt(person) - created) * share);
  }

  /** '' when nobody is assigned. */
  agent(person: number): string {
    return pick(agentIds, this.draw(person, streams.agent));
  }

  segments(person: number): readonly string[] {
    return pick(segmentSets, this.draw(person, streams.segments));
  }

  tags(person: number): readonly string[] {
    return this.lacks(person, 'tags') ? noTags : pick(tagSets, this.draw(person, streams.tags));
  }

  /** '' when there is no last message. */
  lastMessageBy(person: number): string {
    if (this.lacks(person, 'lastMessage')) return '';
    return pick(messageAuthors, this.draw(person, streams.lastMessageBy));
  }
}
