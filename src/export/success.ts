import type { FileIdentity } from '../files/file-identity.ts';
import type { ExportPlan } from './plan.ts';
import type { Outcome } from './rows.ts';

/** `240 contacts in vip.csv, 34 kB, 0.4 s`; `started` is of performance.now. */
export function successText(
  { options, output, query }: ExportPlan,
  { rows }: Outcome,
  { bytes }: FileIdentity,
  started: number,
): string {
  const { one, many } = query.resource;
  const where = `${options.append ? 'added to' : 'in'} ${output.file}`;
  const records = `${rows.toLocaleString('en')} ${rows === 1 ? one : many}`;
  return `${records} ${where}, ${sizeText(bytes)}, ${durationText(performance.now() - started)}`;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** In decimal units, as file managers have them. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || size >= 9.95 ? 0 : 1;
  return `${size.toFixed(digits)} ${units[unit]}`;
}

/** Seconds, from a minute on with minutes, from an hour on with hours. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
