// Who may import whom. A room is a folder of src, or a file directly in it without its extension.

/** From the top: a room imports rooms of lower ranks only, and nothing of its own rank. */
export const ranks = [
  ['start', 'man', 'build'],
  ['build-stubs', 'build-pack', 'build-licences'],
  ['main', 'signals', 'closed-stdout'],
  ['program'],
  ['commands'],
  ['cli'],
  ['export', 'sync', 'watch'],
  ['resume'],
  ['query'],
  ['session'],
  ['read', 'output', 'state', 'sandbox', 'database'],
  ['api'],
  ['records', 'files', 'terminal'],
  ['context'],
  ['table', 'errors', 'suggest', 'version', 'proc'],
  ['reasons'],
];

/** Rooms that only those named may import. */
export const importedOnlyBy = {
  commands: ['program'],
  cli: ['commands', 'main', 'program', 'man'],
  session: ['commands', 'cli', 'export', 'sync', 'watch', 'resume', 'query'],
  query: ['commands', 'cli', 'export', 'sync', 'watch', 'resume'],
  database: ['sync', 'commands'],
};

const rootWords = ['context', 'table', 'errors', 'reasons', 'suggest', 'version'];

/** Rooms that import those named and no others. */
export const importsOnly = {
  records: rootWords,
  files: [...rootWords, 'proc'],
  terminal: rootWords,
  sandbox: ['errors'],
};

/** What a room never imports, though its rank would let it. */
export const importsNever = {
  output: ['records', 'api'],
  read: ['terminal'],
  api: ['files', 'terminal'],
};

/** Packages for some rooms alone. */
export const packages = {
  got: ['api'],
  'jq-wasm': ['output'],
  echarts: ['output'],
  'node-sqlite3-wasm': ['database'],
  pg: ['database'],
};

/** The modules of Node that a room may use; rooms that are not named may use all. */
export const nodeModules = { records: ['crypto'] };

/** Files outside src that may be imported. */
export const outside = { version: ['../package.json'] };

/** commands/<noun>/<verb>.ts and <verb>-*.ts belong to that verb alone; other files of the folder are shared. */
export const verbs = {
  contacts: ['list', 'export', 'get', 'count', 'stats', 'sync', 'watch'],
  leads: ['list', 'export', 'count', 'watch'],
  segments: ['list'],
  agents: ['list'],
  auth: ['login', 'logout', 'status', 'list', 'switch'],
  view: ['save', 'list', 'show', 'delete'],
  jobs: ['list', 'reset'],
  config: ['list', 'get', 'set', 'unset', 'path'],
};

/** Lines at most: of every file, and of a room's files together. */
export const lines = { file: 250, rooms: { commands: 3300, sandbox: 1300 } };
