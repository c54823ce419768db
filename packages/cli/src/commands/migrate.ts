/** What `continuo migrate` does. */
import {
  createLog,
  ensureCommitEpoch,
  loadConfig,
  migrate,
  migrationState,
  olderInstances,
  secretsOf,
  withDatabase,
} from '@continuo/server/commands';
import { output } from '../terminal/output.js';
import type { Terminal } from '../terminal/terminal.js';

export async function migrateDatabase(
  options: { readonly check?: boolean; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const config = loadConfig(terminal.env);
  await withDatabase(config, async ({ url }) => {
    const before = await migrationState(url);
    const pending = before.pending.map(({ name, breaking }) => ({ name, breaking }));
    const isCheck = options.check === true;
    if (!isCheck) {
      await migrate(url, {
        log: createLog('info', { secrets: secretsOf(config), toStderr: true }),
        olderInstances: (client, number) => olderInstances(client, number, config.leaseMs),
        afterwards: ensureCommitEpoch,
      });
    }
    const result = isCheck ? { pending, newer: before.unknown } : { applied: pending, newer: before.unknown };
    await output(terminal, options, result, () => {
      const { yellow, green } = terminal.colours;
      const lines = pending.map(
        ({ name, breaking }) => `  ${name}${breaking ? ` ${yellow('(breaking: older instances stop first)')}` : ''}`,
      );
      const newer = before.unknown.map((name) => `  ${name} is of a newer version, which this one gets along with`);
      if (pending.length === 0) return [`${green('✓')} The database is up to date.`, ...newer].join('\n');
      return [isCheck ? 'To be applied:' : 'Applied:', ...lines, ...newer].join('\n');
    });
    process.exitCode = isCheck && pending.length > 0 ? 1 : 0;
  });
}
