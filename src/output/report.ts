import { sanitizeText } from '../terminal/sanitize.ts';
import type { Chart } from './chart.ts';
import { drawPicture, undrawn } from './picture.ts';
import { escapeXml } from './xml-text.ts';

export interface ReportFacts {
  readonly title: string;
  /** What a reader must know to read the numbers, by name. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Shares are those of so many. */
  readonly total: number;
}

const style = `
:root { color-scheme: light dark; --line: #8886 }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 42rem; padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.5rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem }
dt { opacity: .7 } dd { margin: 0; overflow-wrap: anywhere }
figure { margin: 0 } svg { display: block; height: auto; max-width: 34rem; width: 100% }
svg text { fill: currentColor !important; stroke: none !important }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
caption { text-align: left; opacity: .7 }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .5rem; text-align: right; white-space: nowrap }
th:first-child { overflow-wrap: anywhere; text-align: left; white-space: normal } tbody th { font-weight: normal }
@media print { figure, tr { break-inside: avoid } h2, figure, caption { break-after: avoid } body { max-width: none } }`;

/** One page of HTML that needs nothing else: each chart, and its numbers as a table. */
export function htmlReport(charts: readonly Chart[], { title, facts, total }: ReportFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${style}
</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
<dl>
${facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('\n')}
</dl>
${charts.map((chart) => section(chart, total)).join('\n')}
</main>
</body>
</html>
`;
}

function section(chart: Chart, total: number): string {
  const { title, bars, before, after } = chart;
  const rows = bars.map(
    ({ label, count }) =>
      `<tr><th scope="row">${text(label)}</th><td>${count.toLocaleString('en')}</td><td>${share(count, total)}</td></tr>`,
  );
  const left = undrawn(chart);
  const notes = [...before, ...after].map((note) => `<p>${text(note)}</p>`);
  return `<section>
<h2>${text(title)}</h2>
<figure>${drawPicture([chart], false)}${left === '' ? '' : `<figcaption>${left}</figcaption>`}</figure>
<table>
<caption>${text(title)}, in numbers</caption>
<thead><tr><th scope="col">value</th><th scope="col">contacts</th><th scope="col">share</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
${notes.join('\n')}
</section>`;
}

function share(count: number, total: number): string {
  return total === 0 ? '' : `${((count / total) * 100).toFixed(1)} %`;
}

function text(value: string): string {
  return escapeXml(sanitizeText(value));
}
