/** The rooms where a mistake costs contacts, and the unit tests that answer for each. */
export const rooms = {
  walk: {
    mutate: [
      'src/read/{walk,course,completeness,tally,loop-detector}.ts',
      'src/read/{end-of-pages,ends,held-back,page-requests}.ts',
    ],
    tests: [
      'test/read/{walk,walk.property,course,completeness,tally}.test.ts',
      'test/read/{end-of-pages,loop-detector}.test.ts',
    ],
  },
  prefetch: {
    mutate: ['src/read/{prefetch,steady-pages}.ts'],
    tests: ['test/read/{prefetch,steady-pages}.test.ts'],
  },
  log: {
    mutate: ['src/read/{log-index,page-log,repeats}.ts'],
    tests: ['test/read/page-log.test.ts'],
  },
  jobs: {
    mutate: ['src/state/{job,job-record,job-store,cursor}.ts'],
    tests: ['test/state/{job,job-store,cursor}.test.ts'],
  },
  lock: {
    mutate: ['src/files/lock*.ts'],
    tests: ['test/files/{lock,lock-errors,lock-file,lock-holder}.test.ts'],
  },
  guard: {
    mutate: ['src/output/formats/escape-formulas.ts'],
    tests: ['test/output/formats/escape-formulas.test.ts'],
  },
  csv: { mutate: ['src/output/formats/csv.ts'], tests: ['test/output/formats/csv.test.ts'] },
  retry: { mutate: ['src/api/retry.ts'], tests: ['test/api/retry.test.ts'] },
  dates: {
    mutate: ['src/records/{dates,calendar,iso-time,times}.ts'],
    tests: ['test/records/{dates,calendar,times}.test.ts'],
  },
  filter: {
    mutate: ['src/records/{filter-field,filter-kinds}.ts'],
    tests: [
      'test/records/{filter-field,filter-kinds}.test.ts',
      'test/records/contacts/filters.test.ts',
    ],
  },
  matches: {
    mutate: ['src/records/contacts/filter-checks.ts', 'src/records/where.ts'],
    tests: ['test/records/contacts/filters.test.ts', 'test/records/where.test.ts'],
  },
};
