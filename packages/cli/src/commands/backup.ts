/** What `continuo backup` and `continuo restore` do. */
import { existsSync } from 'node:fs';
import { loadConfig, readBackup, withDatabase, writeBackup, type Config } from '@continuo/server/commands';
import { CommandFailedError } from '../terminal/failure.js';
import { messageOf } from '../terminal/message-of.js';
import { output, type OutputOptions } from '../terminal/output.js';
import { progressLine } from '../terminal/progress-line.js';
import { bytesInWords } from '../terminal/sizes.js';
import type { Terminal } from '../terminal/terminal.js';

export async function backup(file: string, options: OutputOptions, terminal: Terminal): Promise<void> {
  for (const path of [file, `${file}.partial`]) {
    if (existsSync(path)) throw new CommandFailedError(`${path} is there already: name a new file, or remove it.`);
  }
  const config = loadConfig(terminal.env);
  if (config.databaseUrl === undefined && !existsSync(config.dataDir)) {
    throw new CommandFailedError(
      `There is nothing to back up: DATABASE_URL is not set, and there is no ${config.dataDir} (CONTINUO_DATA_DIR).`,
    );
  }
  const line = progressLine(options, terminal);
  const written = await withDatabase(config, ({ url }) =>
    writeBackup(url, file, ({ table, bytes }) => line.show(`${bytesInWords(bytes)} read, now ${table}`)),
  )
    .catch((error: unknown) => {
      // Of the file: what is wrong with the database is said by the server.
      throw error instanceof Error && 'syscall' in error
        ? new CommandFailedError(`${file} can't be written: ${messageOf(error)}.`)
        : error;
    })
    .finally(() => line.clear());
  const notIncluded = contentElsewhere(config);
  await output(terminal, options, { file, ...written, notIncluded }, ({ rows, tables, bytes }) =>
    [
      `${terminal.colours.green('✓')} ${inWords(rows)} rows of ${tables} tables are in ${file} (${bytesInWords(bytes)}).`,
      'It holds what users wrote, and secrets in the clear: keep it as you keep the database.',
      ...notIncluded.map((what) => `Not in it: ${what}.`),
    ].join('\n'),
  );
}

export async function restore(file: string, options: OutputOptions, terminal: Terminal): Promise<void> {
  if (!existsSync(file)) throw new CommandFailedError(`There is no ${file}.`);
  const config = loadConfig(terminal.env);
  const line = progressLine(options, terminal);
  line.show(`reading ${file} to its end`);
  const restored = await withDatabase(config, ({ url }) =>
    readBackup(url, file, ({ table, bytes }) => line.show(`${bytesInWords(bytes)} stored, now ${table}`)),
  ).finally(() => line.clear());
  const notIncluded = contentElsewhere(config);
  await output(terminal, options, { file, ...restored, notIncluded }, ({ rows, tables, at }) =>
    [
      `${terminal.colours.green('✓')} ${inWords(rows)} rows of ${tables} tables are restored, as of ${at}.`,
      'What was open goes on as soon as a server starts on this database: stop those on the old one before.',
      ...notIncluded.map((what) => `Not from the backup: ${what}.`),
    ].join('\n'),
  );
}

/** What Continuo keeps elsewhere than in its database. */
function contentElsewhere({ fileStorage }: Config): readonly string[] {
  if (fileStorage === undefined) return [];
  return [`the content of files and large artifacts in S3, bucket ${fileStorage.bucket}`];
}

function inWords(count: number): string {
  return count.toLocaleString('en');
}
