import { expect, test } from 'vitest';
import { type Context, interruption } from '../src/context.ts';
import { main } from '../src/main.ts';
import { FakeOutput } from './support/context.ts';

/** A reader that never takes what is written. */
class StuckOutput extends FakeOutput {
  override write(): boolean {
    return true;
  }
}

test.each([130, 143] as const)(
  'a run that is stuck ends within a second of its interruption: %i',
  async (exit) => {
    const stop = new AbortController();
    const context = {
      args: ['help', 'filters'],
      stdout: new StuckOutput(),
      stderr: new FakeOutput(),
      env: {},
      signal: stop.signal,
      now: () => new Date(),
    };
    const running = main(context as unknown as Context);
    setTimeout(() => stop.abort(interruption(exit)), 50);
    const before = performance.now();
    expect(await running).toBe(exit);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(context.stderr.text).toBe('');
  },
);
