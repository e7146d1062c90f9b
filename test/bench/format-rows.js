// The rows of the formats: an export of 100,000, the stages that it spends most in, and beside the
// format what a library takes that writes the same rows.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cli, folder, local, measure, node, tellPeak, withSandbox } from './measure.js';
import { profileExport } from './stages.js';

const contacts = 100_000;

const columns = 'id,name,phone,email,platform,status,tags,created_at,last_seen_at';
const ofCards = 'id,name,phone,whatsapp,email,city,country,tags,updated_at';

const libraries = {
  xlsx: { name: 'exceljs', version: '4.4.0', columns },
  parquet: { name: 'hyparquet-writer', columns },
  vcf: { name: 'ical.js', columns: ofCards },
};

async function formatOf(extension) {
  return withSandbox(['--contacts', String(contacts)], async ({ env }) => {
    const flags = ['-o', join(folder, `out.${extension}`)];
    const { wall, peak } = exportTo(flags, { ...env, ...tellPeak });
    const stages = await profileExport(contacts, env, flags);
    const lines = [`${peak.toFixed(0)} MB; ${shares(stages)}`];
    const library = libraries[extension];
    if (library !== undefined) {
      const format = (new Map(stages).get('format') * contacts) / 1e6;
      lines.push(`the format alone ${format.toFixed(1)} s of CPU; ${alone(library, env)}`);
    }
    return { ours: wall, lines };
  });
}

function exportTo(flags, env) {
  return measure([node, cli, 'contacts', 'export', ...flags], env);
}

function shares(stages) {
  const sum = stages.reduce((all, [, micros]) => all + micros, 0);
  const most = stages.toSorted(([, a], [, b]) => b - a).slice(0, 3);
  return most
    .map(([stage, micros]) => `${stage} ${((micros / sum) * 100).toFixed(0)} %`)
    .join(', ');
}

/** CPU and memory of a library that writes the same rows into a file. */
function alone({ name, version, columns }, env) {
  const missing = version && fetchLibrary(`${name}@${version}`);
  if (missing) return missing;
  const rows = join(folder, 'rows.ndjson');
  exportTo(['-o', rows, '--columns', columns], env);
  const write = (it) =>
    measure([node, local('library.js'), it, rows, join(folder, 'written')], tellPeak);
  const { cpu, peak } = write(name);
  return `${name} ${(cpu - write('nothing').cpu).toFixed(1)} s, ${peak.toFixed(0)} MB`;
}

/** One that the project itself has no use for. Says what went wrong. */
function fetchLibrary(name) {
  const how = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const { status } = spawnSync('npm', ['install', ...how, name], { stdio: 'ignore' });
  return status === 0 ? '' : `${name} can't be fetched`;
}

export const formatRows = ['csv', 'ndjson', 'xlsx', 'parquet', 'vcf'].map((extension) => ({
  name: `format-${extension}`,
  what: `export of 100,000 as ${extension}`,
  work: () => formatOf(extension),
}));

export const stageRow = {
  name: 'stages',
  what: 'CPU a contact by stage, export of 20,000',
  work: () =>
    withSandbox(['--contacts', '20000'], async ({ env }) => {
      const flags = ['-o', join(folder, 'out.csv'), '--created-after', '2000-01-01'];
      const stages = await profileExport(20_000, env, flags);
      const lines = stages.map(
        ([stage, micros]) => `${stage.padEnd(8)} ${micros.toFixed(1).padStart(6)} µs`,
      );
      return { ours: stages.reduce((sum, [, micros]) => sum + micros, 0), unit: 'µs', lines };
    }),
};
