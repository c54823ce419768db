/** `useChat` of the AI SDK in a real browser, by its own transport and by Continuo's: chat, memory, questions, reload, stop. */
import { createServer } from 'node:http';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import { theBrowser } from '../../../console/test/support/chromium.js';
import { at, call } from '../../../server/test/support/http-calls.js';
import { onLoopback } from '../../../server/test/support/on-loopback.js';
import { afterThisTest } from '../../../server/test/support/outcome.js';
import { startServer } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';

const entry = new URL('../../../server/test/support/agents-server.mjs', import.meta.url).pathname;
type Page = Awaited<ReturnType<Awaited<ReturnType<typeof theBrowser>>['newPage']>>;

let server: string;
let origin: string;
let newPage: () => Promise<Page>;

beforeAll(async () => {
  const code = await bundled();
  const pages = createServer((request, response) => {
    const isCode = request.url === '/page.js';
    response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
    response.end(
      isCode ? code : '<!doctype html><title>Chat</title><body><script type="module" src="/page.js"></script>',
    );
  });
  origin = await onLoopback(pages);
  ({ url: server } = await startServer({ entry, env: { CONTINUO_CORS_ORIGINS: origin } }));
  const browser = await theBrowser();
  newPage = async () => {
    const page = await browser.newPage();
    afterThisTest(() => page.close());
    return page;
  };
});

async function bundled(): Promise<string> {
  const built = await rolldown({
    input: new URL('../support/chat-page.tsx', import.meta.url).pathname,
    platform: 'browser',
    // Packages mark what runs in browsers for those who build servers as well.
    checks: { moduleLevelDirective: false },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  const { output } = await built.generate({ format: 'esm', codeSplitting: false });
  await built.close();
  return output[0].code;
}

describe.each(['default', 'continuo'])('by the transport "%s"', (transport) => {
  async function open(agent: string, chat: string = crypto.randomUUID()): Promise<Page> {
    const page = await newPage();
    await page.goto(`${origin}/?${new URLSearchParams({ server, agent, chat, transport })}`);
    return page;
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByLabel('Message').fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
  }

  const answer = (page: Page, text: string): Promise<void> =>
    page.locator('.assistant').filter({ hasText: text }).waitFor();
  const shown = async (page: Page): Promise<readonly string[]> =>
    (await page.locator('p').allInnerTexts()).map((text) => text.trim());
  const ready = (page: Page): Promise<void> => page.locator('output').getByText('ready').waitFor();

  it('chats, and remembers', async () => {
    const page = await open('test/remembers');
    // It is ready, too, for a moment behind the click.
    await say(page, 'My name is Ada.');
    await answer(page, 'My name is Ada.');
    await ready(page);
    await say(page, 'And now?');
    await answer(page, 'And now?');
    await ready(page);
    expect(await shown(page)).toEqual(['My name is Ada.', 'My name is Ada.', 'And now?', 'My name is Ada., And now?']);
    await page.close();
  });

  it('asks, and takes the next message as the answer', async () => {
    const page = await open('test/asks-twice');
    await say(page, 'Go');
    await answer(page, 'What is your name?');
    await ready(page);
    await say(page, 'Ada');
    await answer(page, 'Which colour do you like, Ada?');
    await ready(page);
    await say(page, 'red');
    await answer(page, 'Ada likes red.');
    const asked = ['What is your name?', 'Ada', 'Which colour do you like, Ada?', 'red', 'Ada likes red.'];
    expect(await shown(page)).toEqual(['Go', ...asked]);
    await page.close();
  });

  it('goes on where it was when the page is loaded anew in the middle of an answer', async () => {
    const words = Array.from({ length: 300 }, (_, index) => `w${index}`);
    const page = await open('test/dictates');
    await say(page, words.join(' '));
    await answer(page, 'w20 ');
    await page.reload();
    await answer(page, 'w299');
    await ready(page);
    expect(await shown(page)).toEqual([words.join(' ')]);
    await page.close();
  });

  it('shows what went wrong', async () => {
    const page = await open('test/nobody');
    await say(page, 'Is anybody there?');
    await page.locator('output').getByText('There is no agent "test/nobody".').waitFor();
    expect(await shown(page)).toEqual(['Is anybody there?']);
    await page.close();
  });
});

it('stops the agent by Continuo’s transport', async () => {
  const chat = crypto.randomUUID();
  const page = await newPage();
  const search = new URLSearchParams({ server, agent: 'test/endless-child', chat, transport: 'continuo' });
  await page.goto(`${origin}/?${search}`);
  await page.getByLabel('Message').fill('Go');
  await page.getByRole('button', { name: 'Send' }).click();
  const states = async () => {
    const { body } = await call('GET', `${server}/tasks?sessionId=${chat}`);
    return (at(body, 'tasks') as readonly unknown[]).map((task) => at(task, 'status', 'state'));
  };
  await until(async () => (await states())[0] === 'TASK_STATE_WORKING', { what: 'the agent to work' });
  await page.getByRole('button', { name: 'Stop' }).click();
  await until(async () => (await states())[0] !== 'TASK_STATE_WORKING', { what: 'the agent to be stopped' });
  expect(await states()).toEqual(['TASK_STATE_CANCELED']);
  await page.close();
});
