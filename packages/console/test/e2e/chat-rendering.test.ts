/** How what agents say is shown in a real browser: code, formulas, diagrams, tables, trees. Nothing of it runs or loads. */
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { copiedBy } from '../support/copied-text.js';
import { begin, openSession, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startConsoleServer();
});

/** The path of a conversation in which an agent has said this. */
async function saidIn(content: unknown, agent = 'function/echo'): Promise<string> {
  const session = await openSession(server.url, 'Rendered');
  await reaches(server.url, await begin(server.url, agent, content, session), 'COMPLETED');
  return `/chat/${session}`;
}

async function nothingHarmed(page: Page): Promise<void> {
  expect(await page.evaluate('window.harmed')).toBe(undefined);
  expect(await page.locator('main img:not([src^="blob:"])').count()).toBe(0);
  const active = 'main :is(script, iframe, object, embed, [onerror], [onload], [onclick], a[href^="javascript" i])';
  expect(await page.locator(active).count()).toBe(0);
}

test('code has its language, colours and can be copied; formulas are set; prices stay prices', async () => {
  const text = [
    'Costs $5 and $10, grows as $O(n \\log n)$.',
    '\\[ \\frac{1}{3} \\]',
    '```python\ndef add(a, b):\n    return a + b\n```',
    '`$HOME` and `$x$` are code.',
  ].join('\n\n');
  const { page, problems, close } = await openConsole(server.url, await saidIn(text));
  const answer = page.getByRole('article', { name: /^function\/echo/ });
  await answer.getByText('python', { exact: true }).waitFor();
  await answer.locator('.hljs-keyword', { hasText: 'def' }).waitFor();
  await answer.locator('math').nth(1).waitFor({ state: 'attached' });
  expect(await answer.locator('math').count()).toBe(2);
  await answer.getByText('Costs $5 and $10, grows as').waitFor();
  expect(await answer.locator('code').allInnerTexts()).toEqual(expect.arrayContaining(['$HOME', '$x$']));
  const copy = answer.getByRole('button', { name: 'Copy code' });
  expect(await copiedBy(copy)).toBe('def add(a, b):\n    return a + b');
  const again = await copiedBy(copy, async () => {
    await copy.click();
    await copy.locator('.tabler-icon-check').waitFor();
    await page.evaluate("navigator.clipboard.writeText('')");
    // The mark that it was copied goes away while the button is pressed.
    await page.mouse.down();
    await copy.locator('.tabler-icon-copy').waitFor();
    await page.mouse.up();
  });
  expect(again).toBe('def add(a, b):\n    return a + b');
  await answer.getByRole('button', { name: 'Wrap lines' }).click();
  await answer.locator('pre[data-wrapped]').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('a diagram is a picture, beside its code', async () => {
  const text = '```mermaid\ngraph LR;\n  A[Order] --> B[Refund];\n```\n\n```mermaid\nno diagram at all\n```';
  const { page, problems, close } = await openConsole(server.url, await saidIn(text));
  const answer = page.getByRole('article', { name: /^function\/echo/ });
  const picture = answer.getByRole('img', { name: 'Diagram (graph)' });
  await picture.waitFor();
  const width = (): Promise<number> => picture.evaluate((image) => Number(Reflect.get(image, 'naturalWidth')));
  await expect.poll(width, { timeout: 60_000 }).toBeGreaterThan(50);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await answer.locator('label', { hasText: 'Code' }).click();
  await answer.getByText('A[Order] --> B[Refund];').waitFor();
  await answer.getByText('no diagram at all').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('a table scrolls by itself at 390 pixels, breaks no words, and is copied as CSV', async () => {
  const text = [
    '# Plan',
    '### Details',
    '| Approval | Memory | Speed | Owner | Remarks |',
    '|---|---|---|---|---|',
    '| Necessary | Sufficient | Acceptable | Department | "Quoted", with a comma |',
  ].join('\n');
  const { page, problems, close } = await openConsole(server.url, await saidIn(text), { width: 390 });
  const answer = page.getByRole('article', { name: /^function\/echo/ });
  const cell = answer.getByRole('cell', { name: 'Necessary' });
  await cell.waitFor();
  // A word that is broken stands in two lines.
  const lines = await cell.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getClientRects().length;
  });
  expect(lines).toBe(1);
  const scroll = answer.locator('.table-scroll');
  expect(await scroll.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(true);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  expect(await copiedBy(answer.getByRole('button', { name: 'Copy as CSV' }))).toBe(
    'Approval,Memory,Speed,Owner,Remarks\r\nNecessary,Sufficient,Acceptable,Department,"""Quoted"", with a comma"',
  );
  // `###` comes right below `#`.
  await answer.getByRole('heading', { level: 3, name: 'Details' }).waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('values that are separated are a table, JSON is a tree, and a small picture stays small', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
  const files = [
    { name: 'days.csv', text: 'day,words\n"Monday, early",10\nTuesday,20\n', mediaType: 'text/csv' },
    { name: 'plan.json', text: '{"phase": {"name": "Writing"}}', mediaType: 'application/json' },
    { name: 'add.py', text: 'def add(): pass', mediaType: 'text/x-python' },
    { name: 'pixel.png', raw: pixel, mediaType: 'image/png', filename: 'pixel.png' },
  ];
  const { page, problems, close } = await openConsole(server.url, await saidIn({ files }, 'test/files'));
  const table = page.getByRole('region', { name: 'days.csv' });
  await table.getByRole('cell', { name: 'Monday, early' }).waitFor();
  await table.getByRole('columnheader', { name: 'words' }).waitFor();
  const tree = page.getByRole('region', { name: 'plan.json' });
  await tree.getByText('Writing').waitFor();
  await tree.locator('label', { hasText: 'Raw' }).click();
  await tree.getByText('"name": "Writing"').waitFor();
  await page.getByRole('region', { name: 'add.py' }).locator('.hljs-keyword', { hasText: 'def' }).waitFor();
  const picture = page.getByRole('img', { name: 'pixel.png' });
  await picture.waitFor();
  expect((await picture.boundingBox())?.width).toBeLessThanOrEqual(2);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('of long JSON the beginning is shown, as a tree and as it is', async () => {
  const path = await saidIn({ letters: 'x'.repeat(150_000) });
  const { page, problems, close } = await openConsole(server.url, path);
  const answer = page.getByRole('article', { name: /^function\/echo/ });
  const letters = async (): Promise<number> => (await answer.innerText()).replaceAll(/[^x]/g, '').length;
  await answer.getByText('letters').waitFor();
  await expect.poll(letters, { timeout: 30_000 }).toBeLessThanOrEqual(100_000);
  await answer.locator('label', { hasText: 'Raw' }).click();
  await answer.getByText('Showing the first 100.0 KB of 150.0 KB.').waitFor();
  expect(await letters()).toBeLessThanOrEqual(100_000);
  expect(problems).toEqual([]);
  await close();
});

const script = '<img src=x onerror="window.harmed = 1"><script>window.harmed = 1</script>';
const elsewhere = 'https://elsewhere.example/x.png';

test('nothing in code, formulas, diagrams, tables and trees runs or is loaded, under the policy that there is', async () => {
  const text = [
    `\`\`\`html\n${script}\n\`\`\``,
    `\`\`\`${script.replaceAll(' ', '')}\ncode\n\`\`\``,
    String.raw`$\href{javascript:window.harmed=1}{x}$ and $\includegraphics{${elsewhere}}$ and $\htmlClass{a" onclick="window.harmed=1}{x^2}$`,
    `$$\\text{${script}}^2$$`,
    `\`\`\`mermaid\ngraph LR;\n  A["${script.replaceAll('"', "'")}"] --> B;\n  click A "javascript:window.harmed=1"\n\`\`\``,
    `\`\`\`mermaid\n%%{init: {"securityLevel": "loose", "themeCSS": "* { background: url(${elsewhere}) }"}}%%\ngraph LR;\n  C[Fine] --> D;\n  click C call alert()\n\`\`\``,
    `| ${script} | b |\n|---|---|\n| [x](javascript:window.harmed=1) | ![x](${elsewhere}) |`,
  ].join('\n\n');
  const { page, problems, close } = await openConsole(server.url, await saidIn(text));
  const answer = page.getByRole('article', { name: /^function\/echo/ });
  await answer
    .getByRole('img', { name: /^Diagram/ })
    .nth(1)
    .waitFor();
  await answer.locator('math').first().waitFor({ state: 'attached' });
  await nothingHarmed(page);
  const policy = (await page.goto(page.url()))?.headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none';script-src 'self';");
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|frame-src|worker-src/);

  const files = [
    {
      name: 'x.csv',
      text: `a,${script.replaceAll('"', '')}\n=cmd(),${script.replaceAll('"', '')}\n`,
      mediaType: 'text/csv',
    },
    {
      name: 'x.json',
      text: JSON.stringify({ [script]: script, __proto__: null, nested: [script] }),
      mediaType: 'application/json',
    },
    { name: 'x.html', text: script, mediaType: 'text/html' },
    { name: 'x.svg', text: `<svg onload="window.harmed = 1"></svg>`, mediaType: 'image/svg+xml' },
  ];
  await page.goto(`${server.url}/console${await saidIn({ files }, 'test/files')}`);
  await page.getByRole('region', { name: 'x.svg' }).waitFor();
  await page.getByRole('region', { name: 'x.csv' }).getByRole('cell', { name: '=cmd()' }).waitFor();
  await nothingHarmed(page);
  expect(problems).toEqual([]);
  await close();
});
