import { switchFlag, valueFlag } from './flag.ts';
import { numberFrom, wholeNumber } from './values.ts';

const dayInSeconds = 86_400;
const mostAtOnce = 64;

/** Flags that every command knows. */
export const globalFlags = {
  profile: valueFlag('--profile <name>', 'its token and host; sandbox is built in', {
    stored: { variables: ['REEKOLECT_PROFILE'] },
  }),
  apiUrl: valueFlag('--api-url <url>', "the service's address", {
    stored: { variables: ['REEKOLECT_API_URL'] },
  }),
  timeout: valueFlag('--timeout <seconds>', 'wait this long for an answer', {
    parse: numberFrom(0.001, dayInSeconds, ', a day'),
    otherwise: 30,
    stored: {},
  }),
  maxAttempts: valueFlag('--max-attempts <n>', 'ask this often before giving up', {
    parse: wholeNumber(1),
    otherwise: 5,
    stored: {},
  }),
  concurrency: valueFlag<number | 'auto'>(
    '--concurrency <n>',
    'pages under way at once: a number, or auto',
    { parse: concurrency, otherwise: 'auto', stored: {} },
  ),
  rate: valueFlag<number>('--rate <n>', 'requests a second at the most', {
    parse: numberFrom(0.001, 1_000_000),
    stored: {},
  }),
  quiet: switchFlag('-q, --quiet', 'no warnings and no progress', { stored: {} }),
  verbose: switchFlag('-v, --verbose', 'say what is requested, retried and decided', {
    stored: {},
  }),
  color: switchFlag('--no-color', 'no colours', {
    stored: { variables: ['NO_COLOR', 'FORCE_COLOR'] },
  }),
  input: switchFlag('--no-input', 'never ask; fail instead', { stored: {} }),
  errors: valueFlag<'text' | 'json'>('--errors <form>', 'errors as text, or json: one object', {
    choices: ['text', 'json'],
    otherwise: 'text',
  }),
};

function concurrency(text: string): number | 'auto' {
  return text === 'auto' ? text : wholeNumber(1, mostAtOnce)(text);
}
