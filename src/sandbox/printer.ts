import { envelope } from './answers.ts';
import { type Form, fillForm, printForm } from './form.ts';
import type { People } from './people.ts';
import { recordOf } from './record.ts';

const before = Buffer.from(`${envelope.before}[`);
const after = Buffer.from(`]${envelope.after}`);
const comma = 0x2c;

/** Answers as bytes. A form is printed for each kind of people when the first of them is asked for. */
export class Printer {
  readonly #people: People;
  readonly #forms: Form[] = [];

  constructor(people: People) {
    this.#people = people;
  }

  print(persons: readonly number[]): Buffer {
    const forms = persons.map((person) => this.#form(this.#people.kind(person)));
    const commas = Math.max(0, forms.length - 1);
    const length = forms.reduce((sum, form) => sum + form.bytes.length, commas);
    const bytes = Buffer.allocUnsafe(before.length + length + after.length);

    bytes.set(before);
    let end = before.length;
    for (const [index, form] of forms.entries()) {
      if (index > 0) bytes[end++] = comma;
      end = fillForm(form, this.#people, persons[index] as number, bytes, end);
    }
    bytes.set(after, end);
    return bytes;
  }

  #form(kind: number): Form {
    let form = this.#forms[kind];
    if (form === undefined) {
      form = printForm(this.#people, kind, JSON.stringify(recordOf(this.#people, kind)));
      this.#forms[kind] = form;
    }
    return form;
  }
}
