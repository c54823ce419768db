/** A newcomer's first minutes, on the server as it starts by itself: what is missing is said, and a first question is answered. */
import { beforeAll, expect, test } from 'vitest';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { copiedBy } from '../support/copied-text.js';

const NONE = 'No language model is configured.';
let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({ env: { CONTINUO_AGENT_PACKAGES: '@continuo/swarm' } });
});

test.each(['How do I read a large CSV file in Python?', 'Check my text for errors: I has a dog'])(
  'the first question "%s" is answered by the assistant',
  async (question) => {
    const { page, problems, close } = await openConsole(server.url, '/chat');
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill(question);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page
      .getByRole('article', { name: /^context\/assistant/ })
      .getByText('no LLM is configured')
      .waitFor();
    expect(await page.getByRole('note').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  },
);

test('only agents that are there for people are offered', async () => {
  const { page, problems, close } = await openConsole(server.url, '/chat');
  await page.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: 'marketing/swarm' }).waitFor();
  expect(await page.getByRole('option', { name: 'marketing/' }).count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('marketing/');
  await page.getByRole('option', { name: 'marketing/swarm' }).waitFor();
  expect(await page.getByRole('option', { name: 'marketing/publisher' }).count()).toBe(0);
  await page.goto(`${server.url}/console/agents`);
  await page.getByRole('link', { name: 'marketing/swarm' }).waitFor();
  expect(await page.getByRole('link', { name: 'marketing/publisher' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Show 8 internal agents' }).click();
  await page.getByRole('link', { name: 'marketing/publisher' }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test.each([1280, 390])(
  'that there is no model is said at %i pixels, with how to set one, until it is dismissed',
  async (width) => {
    const { page, problems, close } = await openConsole(server.url, '/tasks', { width });
    const banner = page.getByRole('region', { name: NONE });
    await banner.waitFor();
    expect(await problemsInBothSchemes(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await banner.getByRole('button', { name: 'Set up a model' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('CONTINUO_MODEL=anthropic/').waitFor();
    await dialog.getByText('Ollama', { exact: true }).click();
    await dialog.getByText('CONTINUO_MODEL_BASE_URL=http://127.0.0.1:11434/v1').waitFor();
    expect(await problemsInBothSchemes(page)).toEqual([]);
    expect(await copiedBy(dialog.getByRole('button', { name: 'Copy' }))).toMatch(/^CONTINUO_MODEL=openai-compatible\//);
    await page.keyboard.press('Escape');
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    await banner.waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('[data-connection=open]').waitFor();
    await page.getByText('No tasks yet').or(page.locator('[data-task]').first()).waitFor();
    expect(await banner.count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  },
);

test('with a model nothing is said of it', async () => {
  const env = { CONTINUO_MODEL: 'anthropic/some-model', CONTINUO_MODEL_API_KEY: 'sk-secret' };
  const { url } = await startServer({ env });
  const { page, problems, close } = await openConsole(url, '/settings');
  await page.getByText('Authentication is off').waitFor();
  expect(await page.getByText(NONE).count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test('the notice of a missing model moves nothing when it comes', async () => {
  const { page, problems, close } = await openConsole(server.url, '/agents');
  await page.evaluate('localStorage.clear()');
  let tell: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (tell = resolve));
  await page.route('**/caller', async (route) => {
    await told;
    await route.continue();
  });
  await page.reload();
  const heading = page.getByRole('heading', { level: 1 });
  await heading.waitFor();
  const before = await heading.boundingBox();
  expect(await page.getByText(NONE).count()).toBe(0);
  tell();
  await page.getByText(NONE).waitFor();
  expect((await heading.boundingBox())?.y).toBe(before?.y);
  expect(problems).toEqual([]);
  await close();
});
