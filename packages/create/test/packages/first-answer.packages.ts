/** From an empty directory to an answer of one's own agent in the console, with nothing in npm's cache; the figures are printed. */
import { expect, it } from 'vitest';
import { openConsole } from '../../../console/test/support/console-page.js';
import { freePort } from '../../../server/test/support/server-process.js';
import { developed } from '../support/made-project.js';
import { ordinaryProject } from '../support/ordinary-project.js';

it('is four steps', async () => {
  const rows: string[] = [];
  const begun = performance.now();
  let last = begun;
  const done = (step: string): void => {
    const now = performance.now();
    const seconds = (from: number): string => `${((now - from) / 1_000).toFixed(1)} s`;
    rows.push(`| ${rows.length + 1} | ${step} | ${seconds(last)} | ${seconds(begun)} |`);
    last = now;
  };

  const directory = await ordinaryProject();
  await directory.npm('create', 'continuo@latest', 'my-agents', '--yes', '--', '--yes');
  done('`npm create continuo@latest my-agents`, Enter to each question');
  const project = directory.inside('my-agents');
  done('`cd my-agents`');
  const port = String(await freePort());
  const dev = await developed(project, port);
  done('`npm run dev`, which opens the console');
  const { page, problems, close } = await openConsole(`http://127.0.0.1:${port}`, '/chat');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Ada');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Ada! This is greeting number 1').first().waitFor({ timeout: 120_000 });
  done('write a message, send it, read the answer');
  expect(problems).toEqual([]);
  await close();
  await dev.stop();
  console.log(['', '| | step | took | so far |', '|---|---|---|---|', ...rows].join('\n'));
});
