import { switchFlag, valueFlag } from './flag.ts';

export const zoneFlag = {
  tz: valueFlag('--tz <zone>', 'zone of dates, e.g. Africa/Johannesburg; else yours', {
    stored: {
      variables: ['TZ'],
      inForce: (session) => session.zoneChoice().zone,
      check: async (zone: string) => (await import('../records/zone.ts')).checkZone(zone),
    },
  }),
};

export const dryRunFlag = {
  dryRun: switchFlag('--dry-run', 'print the request and send nothing'),
};

/** The flags of every command that reads what matches. */
export const requestFlags = {
  ...zoneFlag,
  trustServer: switchFlag('--trust-server', 'keep rows that break a filter'),
  ...dryRunFlag,
};

export const failOnEmptyFlag = switchFlag('--fail-on-empty', 'exit 9 when nothing matches');
