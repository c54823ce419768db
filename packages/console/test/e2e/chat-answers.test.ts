/** Answers of a language model in a real browser: while they are written, afterwards, and how they came about. */
import { beforeAll, expect, test } from 'vitest';
import type { Reply } from '../../../server/test/support/model-reply.js';
import { startOpenAiServer, type OpenAiServer } from '../../../server/test/support/openai-server.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { accessibilityProblems, openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;
let model: OpenAiServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  server = await startConsoleServer({
    CONTINUO_MODEL: 'openai-compatible/gpt-demo',
    CONTINUO_MODEL_BASE_URL: model.baseUrl,
    CONTINUO_MODEL_API_KEY: 'key',
  });
});

test('an answer is one message, with what was done for it folded before it and what it took below', async () => {
  model.next(
    { kind: 'calls', calls: [{ name: 'look_up_order', input: { id: '4711' } }], thoughts: ['Look it up first.'] },
    { kind: 'answer', words: ['Order 4711 ', 'is **on its way**.'] },
  );
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/clerk');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Where is order 4711?');
  await page.keyboard.press('Enter');
  const answer = page.getByRole('article', { name: /^test\/clerk/ });
  await answer.getByText('on its way').waitFor();
  await answer.getByRole('button', { name: 'Regenerate' }).waitFor();
  // The call of the tool and its result are no messages.
  expect(await page.getByRole('article').count()).toBe(2);
  expect(await page.getByText('Ada').count()).toBe(0);
  await answer.getByText(/gpt-demo · .* tokens · /).waitFor();
  const steps = page.getByText(/^1 step/);
  await page
    .getByText(/look_up_order/)
    .first()
    .waitFor();
  await steps.click();
  await page.getByText(/"customer": "Ada"/).waitFor();
  await answer.getByText('Reasoning').click();
  await answer.getByText('Look it up first.').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('the answer stays the same element from its first word to its end, and nothing of it is gone on the way', async () => {
  model.next({ kind: 'stall', words: ['The first words'] });
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/clerk');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Tell me something');
  await page.keyboard.press('Enter');
  const answer = page.getByRole('article', { name: /^test\/clerk/ });
  await answer.getByText('The first words').waitFor();
  expect(await answer.getByRole('button', { name: 'Copy' }).count()).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await answer.evaluate((element) => element.setAttribute('data-kept', ''));
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped').waitFor();
  await answer.getByRole('button', { name: 'Copy' }).waitFor();
  expect(await page.locator('article[data-kept]').count()).toBe(1);
  await answer.getByText('The first words').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('an answer that goes on is shown as one, also before its log has been read', async () => {
  model.next({ kind: 'stall', words: ['The first words'] });
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/clerk');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Tell me something');
  await page.keyboard.press('Enter');
  await page.getByText('The first words').waitFor();
  let readOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (readOn = resolve));
  await page.route(/\/tasks\/[\w-]+\/events/, (route) => held.then(() => route.continue()));
  await page.reload();
  const answer = page.getByRole('article', { name: /^test\/clerk/ });
  await answer.getByText('The first words').waitFor();
  expect(await answer.getByRole('button', { name: 'Copy' }).count()).toBe(0);
  readOn();
  await page.getByRole('button', { name: 'Stop' }).click();
  await answer.getByRole('button', { name: 'Copy' }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('what was chosen by an orchestrator answers in its own name, word by word', async () => {
  model.otherwise(() => ({ kind: 'stall', words: ['Half an answer'] }));
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=orchestrator/default');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('@context/assistant say something');
  await page.keyboard.press('Enter');
  await page
    .getByRole('article', { name: /^context\/assistant/ })
    .getByText('Half an answer')
    .waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a chat is called by what was asked first, until the model has written a title', async () => {
  let write: (reply: Reply) => void = () => undefined;
  model.titles(new Promise<Reply>((resolve) => (write = resolve)));
  model.next({ kind: 'answer', words: ['With baking soda.'] });
  const { page, problems, close } = await openConsole(server.url, '/chat?agent=test/clerk');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello, how do I bake bread without yeast?');
  await page.keyboard.press('Enter');
  await page
    .getByRole('article', { name: /^test\/clerk/ })
    .getByText('With baking soda.')
    .waitFor();
  await page.getByRole('heading', { name: 'Hello, how do I bake bread without yeast?', level: 1 }).waitFor();
  write({ kind: 'answer', words: ['Bread without yeast'] });
  await page.getByRole('heading', { name: 'Bread without yeast', level: 1 }).waitFor();
  await page.getByRole('link', { name: /Bread without yeast/ }).waitFor();
  expect(await page.getByRole('article').count()).toBe(2);
  expect(problems).toEqual([]);
  await close();
});
