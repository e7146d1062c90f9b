/**
 * Mutants that do what the original does, by file: how the line reads then, and why nobody could
 * tell. A run tells which of them it no longer finds.
 */
export const equal = {
  'src/api/retry.ts': {
    'if (false) return undefined;': 'what is not there is no date either',
  },
  'src/records/filter-field.ts': {
    'flag: (typed === false ? field.opposite.flag : undefined) ?? flagName(field),':
      'only a filter with an opposite is ever false',
    'if (known?.instant !== undefined && known.instant > from) return filter;':
      'from the same instant on is the same filter',
    'const window = fields[start.name].window;': 'conditions are made of these fields',
    'const other = fields[name].window;': 'conditions are made of these fields',
    'if (false || end?.instant === undefined) continue;': 'what has a window is a date',
  },
  'src/read/prefetch.ts': {
    'if (this.#lastFull <= page) await this.#hearOthers();': 'a page that was full is not empty',
    'if (this.#lastFull <= page) return [];': 'a page that was full is not empty',
    'if (contacts.length > 0 || page >= this.#lowestEmpty) return contacts;':
      'no page is asked for first that was empty before',
    'if (true) this.#fill(this.#wanted);': 'up to no page, none is asked for',
    'if (true && this.#lowestEmpty === page) this.#confirmed = page;':
      'what is confirmed is asked of empty pages alone',
  },
  'src/read/walk.ts': {
    '{ width: inOrder ? () => undefined : width, wait: this.#requests.wait },':
      'up to no width, the page that is taken is asked for',
  },
  'src/read/course.ts': {
    'lastKey = "Stryker was here!";': 'no page is measured before one was read',
    'metAllKnown = true;': 'a walk that ends sets it',
    'counted = true;': 'a walk that ends sets it',
    '#hashes: [number, number] = [];': 'what is no number counts as 0',
    'this.profile = (Math.imul(this.profile, 31) - page.length) | 0;': 'another sum, as good',
    'other = (Math.imul(other, 0x9e3779b1) - code) | 0;': 'another sum, as good',
    "this.lastKey = page.at(-1).key ?? '';": 'pages of a walk hold somebody',
  },
  'src/read/completeness.ts': {
    'return walk.found === 0 && walk.calm && walk.profile === before.profile;':
      'a first walk that finds nobody has pages of one size',
  },
  'src/read/page-requests.ts': {
    "else signal.addEventListener('abort', this.#abort, {});": 'the end removes it',
    "else signal.addEventListener('abort', this.#abort, { once: false });": 'the end removes it',
  },
  'src/state/cursor.ts': {
    'if (time < newest && !isRecent) this.#recent.delete(key);': 'the newest itself is recent',
  },
  'src/files/lock.ts': {
    'const ours = await this.#isOurs(path).catch(() => undefined);': 'both are no',
    "if (errnoOf(error) === 'ENOENT') return true;": 'that the lock is not ours is seen next',
  },
  'src/files/lock-holder.ts': {
    'env: { ...process.env, LC_ALL: \'C\', TZ: "" },': 'a zone without a name is UTC',
    'stdio: [],': 'what ps complains of is caught as well',
  },
  'src/output/formats/csv.ts': {
    'const needsQuotes = new RegExp(``);': 'the library quotes what needs it, more slowly',
    "if (cell === null || false) return '';": 'nothing is written for it either way, more slowly',
  },
  'src/output/formats/escape-formulas.ts': {
    'const sign = new RegExp(``);': 'parts without a sign are no formula, found more slowly',
    'if (false) return text;': 'what is harmless passes the rest too, more slowly',
  },
  'src/records/dates.ts': {
    'const ago = /^(\\d+|an?(?= .+ ago)) ?([a-z]+)(?: ago)?$/;': 'the rest of it ends with ago',
    'if (false) return startOfDay(read.wall, zone);':
      'midnight in a gap or read twice is the first instant of the day',
  },
};
