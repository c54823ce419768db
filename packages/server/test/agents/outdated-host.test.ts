/** Continuo in a host's application, when a newer version migrates the database in a way that this one can't work with. */
import 'reflect-metadata';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { startNestServer } from '../support/nest-server.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';

it('says that it takes nothing more, hands over, and leaves the process to its host', async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const { url } = await startNestServer([], { DATABASE_URL });
  const status = async (path: string): Promise<number> => (await fetch(`${url}/${path}`)).status;
  expect(await status('readyz')).toBe(200);
  await runOn(DATABASE_URL, "INSERT INTO continuo_migrations (number, name) VALUES (9999, '9999_later.sql')");
  await until(async () => (await status('readyz')) === 503, { what: 'it not to be ready any more' });
  const left = 'SELECT 1 FROM instances WHERE left_at IS NULL';
  await until(async () => (await runOn(DATABASE_URL, left)).length === 0, { what: 'it to have left' });
  expect(await status('healthz')).toBe(200);
});
