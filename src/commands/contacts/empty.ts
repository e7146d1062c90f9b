import { ExplainedError, exitCodes } from '../../errors.ts';

/** Exit 9, where --fail-on-empty asks for it. */
export function nothingMatched(): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.nothing,
    code: 'nothing-matched',
    message: 'no contact matches',
    hint: 'widen the filters, or leave --fail-on-empty out',
  });
}
