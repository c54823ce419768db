/** Hands the log on to the logger of the application that Continuo is in: a LoggerService of Nest's, or pino. */
import type { LoggerService } from '@nestjs/common';
import type { DestinationStream, Level, Logger } from 'pino';
import { inOneLine, indented } from './plain-lines.js';

export type HostLogger = LoggerService | Logger;

/** What Nest's loggers show as the origin of a line. */
const CONTEXT = 'Continuo';
const labels: Readonly<Record<number, Level>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

interface Line {
  readonly label: Level;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Each line, as pino has written it: what is a secret is hidden in it already. */
export function linesFor(logger: HostLogger): DestinationStream {
  return {
    write: (text) => {
      const line = read(text);
      if (isPino(logger)) logger[line.label](line.fields, line.message);
      else tell(logger, line);
    },
  };
}

function read(text: string): Line {
  const { level, msg, time: _time, ...fields } = fieldsOf(text);
  return { label: labels[Number(level)] ?? 'info', message: typeof msg === 'string' ? msg : '', fields };
}

/** A secret that was hidden in a number leaves no JSON: then the line is its own message. */
function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { level: /"level":(\d+)/.exec(text)?.[1], msg: text.trim() };
  }
}

function isPino(logger: HostLogger): logger is Logger {
  return 'child' in logger && 'info' in logger && 'trace' in logger;
}

function tell(logger: LoggerService, { label, message, fields }: Line): void {
  const { err, ...rest } = fields;
  const cause = err === undefined ? '' : `: ${messageIn(err)}`;
  const said = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  const text = inOneLine(`${message}${cause}${said}`);
  if (label === 'info') logger.log(text, CONTEXT);
  else if (label === 'warn') logger.warn(text, CONTEXT);
  else if (label === 'debug') logger.debug?.(text, CONTEXT);
  else if (label === 'trace') logger.verbose?.(text, CONTEXT);
  else if (label === 'fatal' && logger.fatal !== undefined) logger.fatal(text, stackIn(err), CONTEXT);
  else logger.error(text, stackIn(err), CONTEXT);
}

function messageIn(err: unknown): string {
  const message = typeof err === 'object' && err !== null && 'message' in err ? err.message : err;
  return typeof message === 'string' ? message : JSON.stringify(message);
}

function stackIn(err: unknown): string | undefined {
  return typeof err === 'object' && err !== null && 'stack' in err && typeof err.stack === 'string'
    ? indented(err.stack)
    : undefined;
}
