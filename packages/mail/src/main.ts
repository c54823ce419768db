/** The command `continuo-mail`: reads its environment, runs the channel, and stops it in order. */
import { startMailChannel } from './mail-channel.js';
import { settingsFrom } from './settings.js';

const log = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const channel = await startMailChannel({ ...settingsFrom(process.env), log });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void channel.close());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
