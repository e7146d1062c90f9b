import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { heldBy, isLocked, lockLost } from '../../src/files/lock-errors.ts';

const since = '2026-11-01T00:00:00.000Z';
const holder = { pid: 7, born: '1', host: hostname(), boot: 'b', namespace: 'n', since };

describe('who wants what another run writes is told', () => {
  it.each([
    [undefined, 'another run is writing x.csv'],
    [holder, `process 7 is writing x.csv since ${since}`],
    [{ ...holder, since: '' }, 'process 7 is writing x.csv'],
    [{ ...holder, host: 'elsewhere' }, `process 7 on elsewhere is writing x.csv since ${since}`],
  ])('by whom, and since when', (who, message) => {
    const error = heldBy('x.csv', who);
    expect(error).toMatchObject({ exit: 75, code: 'locked', message });
    expect(error.hint).toBe('wait for it to end, or write to another file');
    expect(isLocked(error)).toBe(true);
  });

  it('when a lock is free whose holder nobody can look at', () => {
    expect(heldBy('x.csv', holder, '/x.csv.lock').hint).toBe(
      'wait for it to end; if it was killed, /x.csv.lock is free three minutes later',
    );
  });
});

it('who slept is told that its lock is gone, and that nothing was replaced', async () => {
  const error = await lockLost('/x.csv.lock', 'x.csv');
  expect(error).toMatchObject({ exit: 75, code: 'lock-lost' });
  expect(error.message).toContain('another run has taken the lock on x.csv');
  expect(error.hint).toContain('nothing was replaced');
  expect(isLocked(error)).toBe(false);
  expect(isLocked(new Error('locked'))).toBe(false);
});
