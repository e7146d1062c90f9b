import { afterEach, expect, test, vi } from 'vitest';
import { Log } from '../../src/terminal/log.ts';
import { Spinner } from '../../src/terminal/spinner.ts';
import { FakeOutput } from '../support/context.ts';

const running = new Set<string>();

/** Stands for ora: says which spinners run. */
const ora = (({ text, stream }: { text: string; stream: FakeOutput }) => ({
  text,
  start() {
    running.add(text);
    stream.write(`[${text}]`);
    return this;
  },
  stop() {
    running.delete(text);
  },
  clear: () => stream.write('[clear]'),
  render: () => stream.write('[render]'),
})) as unknown as typeof import('ora').default;

afterEach(() => running.clear());

const options = { quiet: false, verbose: false, color: false };

function spinnerOn(
  stderr: FakeOutput,
  changed: Partial<typeof options> = {},
  env = {},
  load = async () => ({ default: ora }),
) {
  return new Spinner({ stderr, env }, { ...options, ...changed }, load);
}

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

test('the first frame is there within 100 ms', async () => {
  const stderr = new FakeOutput(true);
  const spinner = spinnerOn(stderr);
  const start = performance.now();
  spinner.show(() => '12 contacts');
  await vi.waitUntil(() => stderr.text !== '', { interval: 5 });
  expect(performance.now() - start).toBeLessThan(100);
  expect(stderr.text).toBe('[12 contacts]');
  spinner.end();
  expect(running.size).toBe(0);
});

test('what ends sooner than 30 ms draws nothing', async () => {
  const stderr = new FakeOutput(true);
  const spinner = spinnerOn(stderr);
  spinner.show(() => 'x');
  spinner.end();
  await wait(60);
  expect(stderr.text).toBe('');
});

test('an end and a new start while the library is loading leave one spinner, then none', async () => {
  const loads: ((library: { default: typeof ora }) => void)[] = [];
  const load = () =>
    new Promise<{ default: typeof ora }>((resolve) => {
      loads.push(resolve);
    });
  const spinner = spinnerOn(new FakeOutput(true), {}, {}, load);
  spinner.show(() => 'first');
  await vi.waitUntil(() => loads.length === 1);
  spinner.end();
  spinner.show(() => 'second');
  await vi.waitUntil(() => loads.length === 2);
  for (const loaded of loads) loaded({ default: ora });
  await wait(0);
  expect([...running]).toEqual(['second']);
  spinner.end();
  expect([...running]).toEqual([]);
});

test('an end while the library is loading leaves none', async () => {
  let loaded: (library: { default: typeof ora }) => void = () => {};
  const load = vi.fn(
    () =>
      new Promise<{ default: typeof ora }>((resolve) => {
        loaded = resolve;
      }),
  );
  const spinner = spinnerOn(new FakeOutput(true), {}, {}, load);
  spinner.show(() => 'x');
  await vi.waitUntil(() => load.mock.calls.length === 1);
  spinner.end();
  loaded({ default: ora });
  await wait(0);
  expect([...running]).toEqual([]);
});

test('a second show takes the place of the first', async () => {
  const stderr = new FakeOutput(true);
  const spinner = spinnerOn(stderr);
  spinner.show(() => 'first');
  await wait(60);
  spinner.show(() => 'second');
  await wait(60);
  expect([...running]).toEqual(['second']);
  spinner.end();
});

test.each([
  ['off a terminal', false, {}, {}],
  ['with --quiet', true, { quiet: true }, {}],
  ['in CI', true, {}, { CI: '1' }],
  ['on a dumb terminal', true, {}, { TERM: 'dumb' }],
])('%s nobody looks, and nothing is drawn', async (_, isTTY, changed, env) => {
  const stderr = new FakeOutput(isTTY);
  const spinner = spinnerOn(stderr, changed, env);
  expect(spinner.interactive).toBe(false);
  spinner.show(() => 'x');
  await wait(60);
  expect(stderr.text).toBe('');
  spinner.end();
});

test('with --verbose the lines of the log are the progress', async () => {
  const stderr = new FakeOutput(true);
  const spinner = spinnerOn(stderr, { verbose: true });
  expect(spinner.interactive).toBe(false);
  spinner.show(() => 'x');
  await wait(60);
  expect(stderr.text).toBe('');
});

test('a warning has a line of its own, and the progress goes on below it', async () => {
  const stderr = new FakeOutput(true);
  const spinner = spinnerOn(stderr);
  const log = new Log({ stderr }, options, spinner);
  spinner.show(() => 'x');
  await wait(60);
  log.warn('careful \u001b[31mred');
  expect(stderr.text).toBe('[x][clear]warning: careful red\n[render]');
  spinner.end();
});
