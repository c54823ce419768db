/** The structured log (pino); everything that logs is handed one, nothing logs to the console. */
import { pino, type Logger } from 'pino';

export type Log = Logger;

const secrets = ['password', 'apiKey', 'authorization', 'cookie', 'token', 'databaseUrl', 'modelApiKey', 'secret'];

export function createLog(level: string): Log {
  return pino({
    level,
    base: undefined,
    redact: {
      paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'req.headers.authorization', 'req.headers.cookie'],
      censor: '[hidden]',
    },
  });
}
