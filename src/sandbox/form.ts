import { writeDigits, writeHex, writeTime } from './bytes.ts';
import { draw, streams } from './draw.ts';
import { type Line, lineOf, mailNumber, nationalNumber } from './identity.ts';
import type { People } from './people.ts';

/** What is left blank on a form, and how wide; a phone's width depends on its country. */
const widths = { id: 24, created: 24, seen: 24, updated: 24, ordered: 24, uuid: 8, nr: 4 };

type FixedBlank = keyof typeof widths;
type Blank = FixedBlank | 'phone';

const names = [...(Object.keys(widths) as FixedBlank[]), 'phone'] as const;
const mark = new RegExp(`<(${names.join('|')})_*>`, 'g');

/** The record that all people of a kind share, in bytes, and where their own parts go. */
export interface Form {
  readonly bytes: Uint8Array;
  readonly blanks: readonly { readonly name: Blank; readonly at: number }[];
  readonly line: Line | undefined;
}

/** Stands in the text for what is filled in later: exactly as wide, and nothing JSON would escape. */
export function blank(name: FixedBlank): string {
  return placeholder(name, widths[name]);
}

export function phoneBlank({ length }: Line): string {
  return placeholder('phone', length);
}

export function printForm(people: People, kind: number, text: string): Form {
  const bytes = Buffer.from(text);
  // as latin1, so that an offset in the text is one in the bytes
  const marks = bytes.toString('latin1').matchAll(mark);
  const blanks = Array.from(marks, ({ 1: found, index: at }) => {
    // the name from the list, not the one cut from the text: those compare by identity, fast
    const name = names.find((known) => known === found) ?? 'phone';
    return { name, at };
  });
  return { bytes, blanks, line: lineOf(people, kind) };
}

/** Writes a person's record and says where it ends. */
export function fillForm(
  { bytes, blanks, line }: Form,
  people: People,
  person: number,
  target: Uint8Array,
  start: number,
): number {
  const created = people.createdAt(person);
  const seen = people.seenAt(person);
  target.set(bytes, start);
  for (const { name, at } of blanks) {
    const place = start + at;
    if (name === 'seen') writeTime(target, place, seen);
    else if (name === 'created') writeTime(target, place, created);
    else if (name === 'updated') writeTime(target, place, people.updatedAt(person));
    else if (name === 'ordered') writeTime(target, place, people.orderedAt(person));
    else if (name === 'id') people.writeId(target, place, person);
    else if (name === 'uuid') writeHex(target, place, draw(people.seed, person, streams.uuid), 8);
    else if (name === 'nr') writeDigits(target, place, mailNumber(people, person), 4);
    else if (line !== undefined) {
      writeDigits(target, place, nationalNumber(people, person, line), line.length);
    }
  }
  return start + bytes.length;
}

function placeholder(name: Blank, width: number): string {
  return `<${name.padEnd(width - 2, '_')}>`;
}
