/** The console of a server that asks who calls: with a key, at an OpenID Connect issuer; and its settings. */
import { beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { newKey } from '../../../server/test/support/keys-command.js';
import { startIssuer, type Issuer } from '../../../server/test/support/oidc-issuer.js';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes, signInWith } from '../support/console-page.js';

const PAST = 1_700_000_000;

let issuer: Issuer;
let server: ServerProcess;
let key: string;
let adminKey: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  issuer = await startIssuer();
  server = await startServer({
    env: {
      DATABASE_URL: databaseUrl,
      CONTINUO_AUTH: 'keys,jwt',
      CONTINUO_JWT_ISSUER: issuer.url,
      CONTINUO_JWT_AUDIENCE: 'continuo',
      CONTINUO_CONSOLE_CLIENT_ID: 'console',
    },
  });
  key = await newKey(databaseUrl, '--owner', 'ada', '--scopes', 'read,write');
  adminKey = await newKey(databaseUrl, '--owner', 'root', '--scopes', 'read,write,admin');
});

test('it asks for a key, says that a wrong one is refused, and signs out again', async () => {
  const { page, problems, close } = await openConsole(server.url, '/tasks');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await signInWith(page, 'ck_wrong');
  await page.getByText('That key or token was not accepted').waitFor();
  await signInWith(page, key);
  await page.getByText('No tasks yet').waitFor();
  await page.locator('[data-connection=open]').waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('You need the admin scope to manage keys').waitFor();
  await page.getByRole('button', { name: 'Appearance' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
  await close();
});

test('the tabs of a browser sign in and out together, and events of one key reach no tab of another', async () => {
  const { page: first, problems, close } = await openConsole(server.url, '/tasks');
  const second = await first.context().newPage();
  await second.goto(`${server.url}/console/tasks`);
  const tabs = [first, second];
  const begin = async (bearer: string): Promise<string> => {
    const answer = await fetch(`${server.url}/agents/function/echo/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: { parts: [{ text: 'Hello' }] }, wait: true }),
    });
    return ((await answer.json()) as { readonly id: string }).id;
  };
  for (const [tab, own, other] of [
    [first, key, adminKey],
    [second, adminKey, key],
  ] as const) {
    await signInWith(tab, own);
    for (const one of tabs) await one.locator('[data-connection=open]').waitFor();
    const theirs = await begin(other);
    const ours = await begin(own);
    for (const one of tabs) {
      await one.locator(`[data-task="${ours}"]`).waitFor();
      expect(await one.locator(`[data-task="${theirs}"]`).count()).toBe(0);
    }
    await tab.evaluate(() => localStorage.setItem('continuo-draft brief', '{}'));
    await tab.getByRole('button', { name: 'Appearance' }).click();
    await tab.getByRole('menuitem', { name: 'Sign out' }).click();
    for (const one of tabs) await one.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await tab.evaluate(() => localStorage.getItem('continuo-draft brief'))).toBeNull();
  }
  expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
  await close();
});

test('people sign in at the issuer, come back to where they were, and stay signed in with new tokens', async () => {
  const { signIns } = issuer;
  const path = '/tasks?state=FAILED';
  const { page, problems, close } = await openConsole(server.url, path, { colourScheme: 'dark' });
  const policy = (await fetch(`${server.url}/console/`)).headers.get('content-security-policy');
  expect(policy?.split(';')).toContain(`connect-src 'self' ${issuer.url}`);
  const signIn = page.getByRole('button', { name: `Sign in with ${new URL(issuer.url).host}` });

  signIns.refusal = 'Not today.';
  await signIn.click();
  await page.getByRole('alert').getByText('Not today.').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);

  signIns.refusal = undefined;
  signIns.claims = { sub: 'ada', exp: PAST };
  await signIn.click();
  await page.getByText('Your session has expired').waitFor();

  // So short that it is exchanged for another before the next call.
  signIns.lifetimeSeconds = 20;
  signIns.claims = { sub: 'ada', jti: 'a-token-of-this-test' };
  await signIn.click();
  await page.getByText('No tasks match these filters').waitFor();
  await page.locator('[data-connection=open]').waitFor();
  expect(page.url()).toBe(`${server.url}/console${path}`);
  expect(signIns.grants.filter((grant) => grant === 'authorization_code').length).toBe(2);
  expect(signIns.grants.at(-1)).toBe('refresh_token');
  await page.reload();
  await page.getByText('No tasks match these filters').waitFor();

  // Kept in this tab alone, and written nowhere.
  const [inTab, inBrowser] = await page.evaluate<[string, string]>(
    '[JSON.stringify(sessionStorage), JSON.stringify(localStorage)]',
  );
  const token = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
  expect(inTab).toMatch(token);
  expect(inBrowser).not.toMatch(token);
  expect(server.output()).not.toMatch(token);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('OpenID Connect, in this tab').waitFor();

  await page.getByRole('button', { name: 'Appearance' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await signIn.waitFor();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toMatch(token);

  // What somebody else has begun is not taken up.
  await page.goto(`${server.url}/console/signed-in?code=theirs&state=theirs`);
  await page.getByRole('alert').getByText('started in another tab').waitFor();
  // A page that is loaded anew while it exchanges its token shows the old one again, which the issuer refuses.
  const elsewhere = problems.filter((problem) => !problem.includes('401') && !problem.includes(`to ${issuer.url}/`));
  expect(elsewhere).toEqual([]);
  await close();
});

test('an admin makes a key, which opens the server, and revokes it', async () => {
  const { page, problems, close } = await openConsole(server.url, '/settings', { width: 360 });
  await signInWith(page, adminKey);
  await page.getByText('read, write, admin').first().waitFor();
  const schemes = page.getByRole('radiogroup', { name: 'Appearance' });
  await schemes.getByText('Dark').click();
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
  await schemes.getByText('System').click();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);

  await page.getByRole('button', { name: 'New key' }).click();
  const form = page.getByRole('dialog', { name: 'New key' });
  await form.getByRole('textbox', { name: 'Owner' }).fill('bob');
  await form.getByRole('textbox', { name: 'Name' }).fill('The key of a robot');
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await form.getByRole('button', { name: 'New key' }).click();
  const made = await page.locator('[data-secret]').innerText();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'I’ve copied it' }).click();
  const status = async () =>
    (await fetch(`${server.url}/tasks`, { headers: { authorization: `Bearer ${made}` } })).status;
  expect(await status()).toBe(200);
  expect(await page.content()).not.toContain(made);

  await page.getByRole('button', { name: 'Revoke The key of a robot' }).click();
  await page.getByText('stops working immediately').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked just now').waitFor();
  expect(await status()).toBe(401);
  expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
  await close();
});
