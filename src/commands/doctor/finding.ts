import { type ExitCode, ExplainedError, exitCodes } from '../../errors.ts';

export type State = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one check found, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly state: State;
  readonly found: string;
  readonly hint?: string | undefined;
  /** What the doctor exits with when this is the first failure. */
  readonly exit?: ExitCode;
}

export function ok(check: string, found: string): Finding {
  return { check, state: 'ok', found };
}

export function warning(check: string, found: string, hint: string): Finding {
  return { check, state: 'warning', found, hint };
}

export function skipped(check: string, found: string): Finding {
  return { check, state: 'skipped', found };
}

/** A failure that we can explain, as a finding; anything else is a bug and thrown on. */
export function failed(check: string, error: unknown): Finding {
  if (!(error instanceof ExplainedError)) throw error;
  const { message, hint, exit } = error;
  return { check, state: 'failed', found: message, hint, exit };
}

export function failure(check: string, found: string, hint: string): Finding {
  return { check, state: 'failed', found, hint, exit: exitCodes.local };
}
