// Real jq, in a thread of its own: an expression may run for ever, and only a thread can be ended.
// Plain JavaScript, since a thread loads it as it is, in tests too.
import { parentPort, workerData } from 'node:worker_threads';
import { loadJq } from 'jq-wasm/inline';

const { expression } = workerData;
/** Behind the results, so that one that stops the program early, by `halt`, is noticed. */
const end = '"\\u0001end"';
/** The line breaks end a comment, also one that a backslash continues. */
const perRecord = `(.[]|(${expression}\n\n)),${end}`;

let jq;

/** Runs jq; a crash of its WebAssembly counts as a failure, and takes nothing else along. */
async function run(input, program) {
  jq ??= loadJq();
  try {
    return (await jq).raw(input, program, ['-c', '--']);
  } catch {
    jq = undefined;
    return { stdout: '', stderr: 'crashed', exitCode: -1 };
  }
}

/** Whether the expression is one; on empty input it never runs. */
async function check() {
  const { stderr, exitCode } = await run('', expression);
  return exitCode === 0 ? {} : { failure: { reason: stderr, index: 0 } };
}

async function overRecords(records) {
  const result = await run(`[${records}]`, perRecord);
  const { stdout, stderr, exitCode } = result;
  const isWhole = exitCode === 0 && stdout.endsWith(end);
  const lines = isWhole ? stdout.slice(0, -end.length) : '';
  if (isWhole) return { lines, stderr };
  if (records.length === 1) {
    const reason = exitCode === 0 ? 'halted' : stderr;
    return { lines, stderr: '', failure: { reason, index: 0 } };
  }
  // Which of them failed, one by one; those before it have their results.
  const all = { lines: '', stderr: '' };
  for (const [index, record] of records.entries()) {
    const one = await overRecords([record]);
    if (one.failure !== undefined) return { ...all, failure: { ...one.failure, index } };
    all.lines += one.lines;
    all.stderr += one.stderr;
  }
  return all;
}

async function overArray(json) {
  const { stdout, stderr, exitCode } = await run(json, expression);
  if (exitCode !== 0) return { lines: '', stderr: '', failure: { reason: stderr } };
  return { lines: stdout === '' ? '' : `${stdout}\n`, stderr };
}

parentPort.on('message', async ({ records, array }) => {
  let answer;
  if (records !== undefined) answer = overRecords(records);
  else if (array !== undefined) answer = overArray(array);
  else answer = check();
  parentPort.postMessage(await answer);
});
