/** The console of a server that asks who calls. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { startServer } from '../../../server/test/support/server-process.js';
import { accessibilityProblems, openConsole } from '../support/console-page.js';

const command = fileURLToPath(new URL('../../../server/dist/auth/keys-command.js', import.meta.url));

test('it asks for a key, says that a wrong one is refused, and signs out again', async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const { url } = await startServer({ env: { DATABASE_URL: databaseUrl, CONTINUO_AUTH: 'keys' } });
  const asked = ['create', '--owner', 'ada', '--scopes', 'read,write'];
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl };
  const key = (await promisify(execFile)(process.execPath, [command, ...asked], { env })).stdout.trim();
  const { page, problems, close } = await openConsole(url, '/tasks');
  const signIn = async (given: string): Promise<void> => {
    await page.getByLabel('API key or token').fill(given);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await signIn('wrong');
  await page.getByText('The server did not accept the last one').waitFor();
  await signIn(key);
  await page.getByText('No tasks yet').waitFor();
  await page.locator('[data-connection=open]').waitFor();
  await page.getByRole('button', { name: 'Colour scheme' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
  await close();
});
