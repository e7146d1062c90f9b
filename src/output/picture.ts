import { BarChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { sanitizeText } from '../terminal/sanitize.ts';
import type { Chart } from './chart.ts';
import { escapeXml } from './xml-text.ts';

use([BarChart, GridComponent, TitleComponent, SVGRenderer]);

/** Narrow, so that a phone need not shrink the words much. */
const width = 440;
const barHeight = 24;
const columnsHeight = 260;
const labelWidth = 120;
/** The size of the words, in pixels; a letter that the library does not know is as wide. */
const letter = 12;
/**
 * Stands before each label until it is drawn: the library keeps labels as keys of plain objects,
 * where one such as __proto__ would be no label.
 */
const joiner = '\u2060';
const colors = { bar: '#3b7dd8', quiet: '#9a9a9a', line: '#8888' };

/** More bars take too long to draw, and nobody looks at them. */
const mostBars = 100;

/** What a chart leaves out of its picture; '' where that is nothing. */
export function undrawn({ bars, ordered }: Chart): string {
  if (ordered || bars.length <= mostBars) return '';
  return `the first ${mostBars} of ${bars.length.toLocaleString('en')}`;
}

/** Charts one below the other as one SVG, each with its title where `titled`. */
export function drawPicture(all: readonly Chart[], titled: boolean): string {
  const charts = all.map((chart) => {
    const part = undrawn(chart);
    if (part === '') return chart;
    return { ...chart, title: `${chart.title}, ${part}`, bars: chart.bars.slice(0, mostBars) };
  });
  const head = titled ? 48 : 8;
  let top = 0;
  const parts = charts.map((chart) => {
    const inner = chart.ordered ? columnsHeight : Math.max(1, chart.bars.length) * barHeight;
    const part = { chart, top: top + head, inner };
    top += head + inner + (chart.ordered ? 64 : 8);
    return part;
  });
  const picture = init(null, null, { renderer: 'svg', ssr: true, width, height: Math.max(1, top) });
  try {
    picture.setOption({
      animation: false,
      ...(titled && { backgroundColor: '#ffffff' }),
      title: titled
        ? parts.map(({ chart, top: at }) => ({ text: chart.title, top: at - 36, left: 8 }))
        : [],
      grid: parts.map(({ chart, top: at, inner }) => ({
        top: at,
        height: inner,
        left: chart.ordered ? 56 : labelWidth + 16,
        right: 64,
      })),
      xAxis: parts.map(({ chart }, gridIndex) => ({
        gridIndex,
        ...(chart.ordered ? categories(chart) : counts(false)),
      })),
      yAxis: parts.map(({ chart }, gridIndex) => ({
        gridIndex,
        ...(chart.ordered ? counts(true) : { ...categories(chart), inverse: true }),
      })),
      series: parts.map(({ chart }, index) => ({
        type: 'bar',
        silent: true,
        emphasis: { disabled: true },
        xAxisIndex: index,
        yAxisIndex: index,
        label: { show: !chart.ordered, position: 'right' },
        data: chart.bars.map(({ count, quiet }) => ({
          value: count,
          itemStyle: { color: quiet ? colors.quiet : colors.bar },
        })),
      })),
    });
    const title = charts.map((chart) => chart.title).join(', ');
    return picture
      .renderToSVGString()
      .replaceAll(joiner, '')
      .replace(/^<svg /, `<svg role="img" aria-label="${escapeXml(title)}" `);
  } finally {
    picture.dispose();
  }
}

function categories({ bars, ordered }: Chart) {
  return {
    type: 'category',
    data: bars.map(({ label }) => joiner + labelText(label)),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colors.line } },
    axisLabel: ordered
      ? { rotate: 45 }
      : { width: labelWidth + letter, overflow: 'truncate', interval: 0 },
  };
}

/** XML has no place for two of the characters that are none. */
function labelText(label: string): string {
  return sanitizeText(label).replace(/[\ufffe\uffff]/g, '\ufffd');
}

function counts(shown: boolean) {
  return {
    type: 'value',
    minInterval: 1,
    axisLabel: { show: shown },
    splitLine: { show: shown, lineStyle: { color: colors.line } },
  };
}
