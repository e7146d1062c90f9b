// Prints every import in src that rules.js forbids, imports of types included, and every circle.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import * as rules from './rules.js';

const statement = /(?:^|;)\s*(?:import|export)\b(?:[^'";]*?\bfrom)?\s*(['"])(.+?)\1/gm;
const call = /\b(?:import|require)\(\s*(['"`])(.+?)\1/g;

/** What a file's text imports, as it is written there: values, types and on demand. */
function specifiersOf(text) {
  const found = [...text.matchAll(statement), ...text.matchAll(call)];
  return [...new Set(found.map(([, , specifier]) => specifier))];
}

const roomOf = (file) => file.split('/')[0].replace(/\.\w+$/, '');
const rankOf = (room) => rules.ranks.findIndex((rank) => rank.includes(room));

function reasonAgainstPackage(file, name) {
  const room = roomOf(file);
  if (name.startsWith('node:')) {
    const allowed = rules.nodeModules[room];
    if (allowed === undefined || allowed.includes(name.slice(5))) return undefined;
    return `of Node's modules ${room} may use ${allowed.join(', ')} only`;
  }
  const rooms = Object.entries(rules.packages).find(
    ([it]) => name === it || name.startsWith(`${it}/`),
  )?.[1];
  if (rooms === undefined || rooms.includes(room)) return undefined;
  return `${name} is for ${rooms.join(', ')} alone`;
}

function reasonAgainstFile(file, target) {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (target.startsWith('../')) {
    return rules.outside[from]?.includes(target) ? undefined : 'it is outside of src';
  }
  if (from === to) return from === 'commands' ? reasonAgainstCommand(file, target) : undefined;
  const importers = rules.importedOnlyBy[to];
  if (importers && !importers.includes(from)) return `${to} is for ${importers.join(', ')} alone`;
  const allowed = rules.importsOnly[from];
  if (allowed && !allowed.includes(to)) return `${from} may import ${allowed.join(', ')} only`;
  if (rules.importsNever[from]?.includes(to)) return `${from} never imports ${to}`;
  if (rankOf(from) < 0 || rankOf(to) < 0) {
    return `${rankOf(from) < 0 ? from : to} has no rank in rules.js`;
  }
  if (rankOf(to) < rankOf(from)) return `an arrow up: ${to} is above ${from}`;
  return rankOf(to) === rankOf(from) ? `${from} and ${to} are of one rank` : undefined;
}

/** The noun of commands/contacts.ts and of commands/contacts/list.ts, and the verb of the latter. */
function commandOf(file) {
  const [, noun, ...rest] = file.replace(/\.\w+$/, '').split('/');
  const word = rest[0]?.split('-')[0];
  const verb = rules.verbs[noun]?.includes(word) ? word : undefined;
  return { noun, verb, isNoun: rest.length === 0 };
}

function reasonAgainstCommand(file, target) {
  const [from, to] = [commandOf(file), commandOf(target)];
  if (to.isNoun) return 'what stands in commands/ itself is for program alone';
  if (from.noun !== to.noun) return `a command imports another: ${from.noun} is not ${to.noun}`;
  if (from.isNoun || to.verb === undefined || to.verb === from.verb) return undefined;
  return `a file of another verb, ${to.verb}`;
}

/** The shortest way round from each file that is in a circle and in none of those found before. */
function circlesOf(graph) {
  const circles = [];
  const seen = new Set();
  for (const start of graph.keys()) {
    if (seen.has(start)) continue;
    const circle = shortestWayBack(graph, start);
    if (circle === undefined) continue;
    for (const file of circle) seen.add(file);
    circles.push(circle);
  }
  return circles;
}

function shortestWayBack(graph, start) {
  const cameFrom = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const way = [file];
        while (way[0] !== start) way.unshift(cameFrom.get(way[0]));
        return way;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function tooLong(texts) {
  const found = [];
  const rooms = {};
  for (const [file, text] of texts) {
    const count = text.split('\n').length - 1;
    const room = roomOf(file);
    rooms[room] = (rooms[room] ?? 0) + count;
    if (count > rules.lines.file) {
      found.push(`${file}: ${count} lines, more than ${rules.lines.file}`);
    }
  }
  for (const [room, most] of Object.entries(rules.lines.rooms)) {
    if (rooms[room] > most) found.push(`${room}/: ${rooms[room]} lines, more than ${most}`);
  }
  return found;
}

/** All breaches of the rules by a tree of files, whose paths are relative to src. */
function breachesOf(texts) {
  const found = [];
  const graph = new Map();
  for (const [file, text] of texts) {
    const targets = new Set();
    graph.set(file, targets);
    for (const specifier of specifiersOf(text)) {
      const isFile = specifier.startsWith('.');
      const target = isFile ? posix.join(dirname(file), specifier) : specifier;
      if (texts.has(target)) targets.add(target);
      const reason = isFile ? reasonAgainstFile(file, target) : reasonAgainstPackage(file, target);
      if (reason !== undefined) found.push(`${file} → ${target}: ${reason}`);
    }
  }
  const circles = circlesOf(graph).map((way) => `${[...way, way[0]].join(' → ')}: a circle`);
  return [...found, ...circles, ...tooLong(texts)];
}

function readTree(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[cm]?[jt]s$/.test(path));
  return new Map(files.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

const folder = process.argv[2] ?? new URL('../../src', import.meta.url).pathname;
const breaches = breachesOf(readTree(folder));
for (const breach of breaches) process.stdout.write(`${breach}\n`);
if (breaches.length > 0) process.exitCode = 1;
