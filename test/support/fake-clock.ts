/** Time that passes only when everybody waits. */
export class FakeClock {
  now = 0;
  /** Work on files, which time must not overtake. */
  busy = 0;
  readonly #alarms: { readonly at: number; readonly ring: () => void }[] = [];

  readonly wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = () => reject(signal?.reason);
      signal?.addEventListener('abort', stop, { once: true });
      const ring = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const at = this.now + ms;
      const after = this.#alarms.findIndex((alarm) => alarm.at > at);
      this.#alarms.splice(after === -1 ? this.#alarms.length : after, 0, { at, ring });
    });

  /** Lets time pass until the work is done; returns what it brings. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finish = () => {
      done = true;
    };
    work.then(finish, finish);
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (done) return work;
      if (this.busy > 0) continue;
      const next = this.#alarms.shift();
      if (next === undefined) throw new Error('everybody waits for ever');
      this.now = next.at;
      next.ring();
    }
  }
}
