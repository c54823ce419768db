/** The log as people read it in a terminal: a time, a level, a sentence, and what belongs to it as `name=value`. */
import type pretty from 'pino-pretty';
import { loadInstalled } from './optional-parts.js';
import { inOneLine, indented } from './plain-lines.js';

/** What pino and pino-http add that says nothing to whoever sits in front of the terminal. */
const hidden = new Set(['level', 'time', 'msg', 'hostname', 'err']);

/** Writes to stdout, in colour where the terminal has it. Throws PACKAGE_MISSING. */
export function forPeople(): pretty.PrettyStream {
  const lines = loadInstalled('pretty', 'CONTINUO_LOG_FORMAT=pretty') as typeof pretty;
  return lines({
    sync: true,
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    hideObject: true,
    // These it writes by itself.
    customPrettifiers: { name: plain, caller: plain },
    messageFormat: (line, messageKey) => sentence(line, messageKey),
  });
}

function plain(value: string | object): string {
  return inOneLine(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A line of the log in one sentence; what an error says goes below it only where it has a stack. */
function sentence(line: Readonly<Record<string, unknown>>, messageKey: string): string {
  const facts = Object.entries(line).flatMap(([name, value]) => (hidden.has(name) ? [] : [fact(name, value)]));
  const message = line[messageKey];
  return inOneLine([typeof message === 'string' ? message : '', ...facts].join('  ')) + trouble(line.err);
}

function fact(name: string, value: unknown): string {
  return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function trouble(error: unknown): string {
  if (error === undefined) return '';
  const isError = typeof error === 'object' && error !== null && 'stack' in error;
  return isError && typeof error.stack === 'string'
    ? `\n${indented(error.stack)}`
    : inOneLine(`: ${JSON.stringify(error)}`);
}
