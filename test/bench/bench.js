// Prints one table of ratios, measured side by side in one run, and exits 1 when an aim is missed
// by more than its noise. Not a test: machines differ. `--only NAME` runs the rows of that name.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median, quantile } from './measure.js';
import { rows } from './rows.js';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const isWanted = ({ name }) => values.only?.some((it) => name.startsWith(it)) ?? true;

function judge({ ours, ratios }, aim) {
  if (aim === undefined || ours === undefined) return '';
  if ((ratios ? median(ratios) : ours) <= aim) return 'met';
  return ratios && ratios.length > 2 && quantile(ratios, 0.25) <= aim ? 'within noise' : 'missed';
}

const figure = (number) =>
  number === undefined ? '' : number.toFixed(number < 10 ? 3 : number < 100 ? 1 : 0);

function line(cells) {
  const widths = [50, 12, 12, 7, 8, 0];
  const text = cells.map((cell, at) => (at === 0 ? cell.padEnd(50) : cell.padStart(widths[at])));
  process.stdout.write(`${text.join('  ').trimEnd()}\n`);
}

const wanted = rows.filter(isWanted);
if (wanted.length === 0) {
  process.stderr.write(`no such row; there are: ${rows.map(({ name }) => name).join(' ')}\n`);
  process.exit(2);
}
process.stdout.write(
  `Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}\n\n`,
);
line(['what', 'ours', 'reference', 'ratio', 'aim', 'met']);
for (const { what, aim, work } of wanted) {
  const result = await work();
  const { ours, reference, ratios, unit = 's', note = '', lines = [] } = result;
  const verdict = judge(result, aim);
  if (verdict === 'missed') process.exitCode = 1;
  const value = (number) => (number === undefined ? '' : `${figure(number)} ${unit}`.trimEnd());
  const ratio = ratios ? median(ratios).toFixed(2) : '';
  const limit = aim === undefined ? '' : `<= ${aim}`;
  line([what, value(ours), value(reference), ratio, limit, verdict || note]);
  for (const text of lines) process.stdout.write(`  ${text}\n`);
}
