/** Webhooks and their deliveries in a real browser, with a real receiver. */
import { beforeAll, expect, test } from 'vitest';
import { call, textAt } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { answer, startReceiver, verified, type Receiver } from '../../../server/test/support/webhook-receiver.js';
import { openConsole, problemsInBothSchemes } from '../support/console-page.js';
import { runCurl, startReceiving } from '../support/run-copied.js';
import { begin, reaches } from '../support/sample-data.js';
import { startConsoleServer } from '../support/start-console-server.js';

let server: ServerProcess;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startConsoleServer({ CONTINUO_WEBHOOK_RETRIES: '0.01' });
});

async function subscribe(url: string, filter: object): Promise<string> {
  return textAt((await call('POST', `${server.url}/webhooks`, { body: { url, ...filter } })).body, 'id');
}

/** There are deliveries of the webhook, and none waits. */
async function areSettled(webhook: string): Promise<void> {
  const has = async (filter: string): Promise<boolean> => {
    const { body } = await call('GET', `${server.url}/webhooks/deliveries?endpoint=${webhook}${filter}`);
    return textAt(body, 'deliveries', 0, 'id') !== '';
  };
  await until(async () => (await has('')) && !(await has('&status=pending')), {
    what: `the deliveries of ${webhook} to be settled`,
  });
}

test('a webhook is created, tested, told, paused, given a new secret, changed and deleted', async () => {
  const hook = receiver.at('hook');
  const { page, problems, close } = await openConsole(server.url, '/webhooks');
  const act = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${hook.url}` }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  const takeSecret = async (): Promise<string> => {
    const secret = await page.locator('[data-secret]').innerText();
    await page.getByRole('button', { name: 'I’ve copied it' }).click();
    await page.locator('[data-secret]').waitFor({ state: 'detached' });
    return secret;
  };
  await page.getByText('No webhooks yet').waitFor();
  await page.getByRole('button', { name: 'New webhook' }).click();
  const form = page.getByRole('dialog', { name: 'New webhook' });
  await form.getByLabel('URL').fill(hook.url);
  await form.getByRole('combobox', { name: 'States' }).click();
  await form.getByRole('option', { name: 'Completed' }).click();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await form.getByLabel('Description').fill('For the tests');
  await form.getByRole('button', { name: 'New webhook' }).click();
  await page.getByText('You won’t see it again.').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  const secret = await takeSecret();

  await act('Send a test event');
  await page.getByText('It works').waitFor();
  await page.getByRole('dialog').getByText('HTTP 200').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Close' }).click();
  await reaches(server.url, await begin(server.url, 'function/echo', 'Tell them'), 'COMPLETED');
  await until(() => hook.received.length === 2, { what: 'the receiver to be told' });
  for (const received of hook.received) expect(verified(received, secret)).toBeDefined();
  expect(hook.received[1]?.body).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });

  await act('Pause');
  await page.getByText('Paused by its owner.').waitFor();
  await act('Resume');
  await page.getByText('Active').waitFor();
  await act('New secret');
  await page.getByText('Requests are also signed with the old secret for a day').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
  const newSecret = await takeSecret();
  expect(newSecret).toMatch(/^whsec_/);
  expect(newSecret).not.toBe(secret);

  await act('Edit');
  await page.getByRole('dialog').getByLabel('Description').fill('For the tests, changed');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('For the tests, changed').waitFor();
  await act('Delete');
  await page.getByText('This can’t be undone.').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No webhooks yet').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('deliveries are filtered in the address, read with their attempts, and sent again, one or all', async () => {
  const broken = receiver.at('broken');
  broken.always(answer(500, { 'content-type': 'text/html' }, 'Out of order <b>today</b>'));
  const id = await subscribe(broken.url, { kinds: ['statusUpdate'] });
  const task = await begin(server.url, 'function/countdown', { steps: 2, delayMs: 1 });
  await reaches(server.url, task, 'COMPLETED');
  await areSettled(id);
  const { page, problems, close } = await openConsole(server.url, '/webhooks/deliveries?status=nonsense', {
    colourScheme: 'dark',
  });
  await page.locator('[data-delivery]').first().waitFor();
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await page.getByRole('combobox', { name: 'Webhook' }).click();
  await page.getByRole('option', { name: broken.url }).click();
  await page.waitForURL(new RegExp(`(?=.*status=dead)(?=.*endpoint=${id})`));
  await page.reload();
  const rows = page.locator('[data-delivery]');
  const first = rows.last();
  await first.getByRole('button', { name: /^Attempts/ }).click();
  await first.getByText('Attempt 2', { exact: true }).waitFor();
  await first.getByText('Out of order <b>today</b>').first().waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);

  broken.always(answer(200));
  const before = broken.received.length;
  const again = await first.getAttribute('data-delivery');
  await first.getByRole('button', { name: 'Resend' }).click();
  await page.getByText('Resending').waitFor();
  await page.locator(`[data-delivery="${again}"]`).waitFor({ state: 'detached' });
  await until(() => broken.received.length > before, { what: 'the receiver to be told again' });
  expect(broken.received.at(-1)?.id).toBe(again);

  await page.getByRole('button', { name: 'Resend failed…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resend failed…' });
  await dialog.getByLabel('Recorded after').fill('2026-01-01T00:00');
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Resend' }).click();
  await page.getByText(/^Resending \d+ deliver(y|ies)$/).waitFor();
  await page.getByText('No deliveries match these filters').waitFor();

  await page.goto(`${server.url}/console/tasks/${task}`);
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await page.getByText('Status changed · event 2').waitFor();
  expect(await page.getByText('Delivered').count()).toBeGreaterThan(0);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  expect(problems).toEqual([]);
  await call('DELETE', `${server.url}/webhooks/${id}`);
  await close();
});

test('a webhook shows its last day, why deliveries wait, what was sent, and how to verify it', async () => {
  const shaky = receiver.at('shaky');
  const { body: made } = await call('POST', `${server.url}/webhooks`, {
    body: { url: shaky.url, states: ['COMPLETED'] },
  });
  const id = textAt(made, 'id');
  await reaches(server.url, await begin(server.url, 'function/echo', 'First'), 'COMPLETED');
  await areSettled(id);
  shaky.always(answer(503, {}, 'Back soon'));
  await reaches(server.url, await begin(server.url, 'function/echo', 'Second'), 'COMPLETED');
  await until(() => shaky.received.length > 1, { what: 'the second to be sent' });
  await areSettled(id);
  const { page, problems, close } = await openConsole(server.url, '/webhooks');
  await page.getByRole('img', { name: 'Last 24 hours: 50% delivered (1 of 2)' }).waitFor();
  await page.getByText('Last failure: HTTP 503').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);

  await page.getByRole('button', { name: `Actions for ${shaky.url}` }).click();
  await page.getByRole('menuitem', { name: 'Verify signatures' }).click();
  const verifying = page.getByRole('dialog', { name: 'Verify signatures' });
  for (const language of ['Python', 'Go', 'Node.js']) {
    await verifying.getByText(language, { exact: true }).click();
    await verifying.getByText('WEBHOOK_SECRET').nth(1).waitFor();
  }
  const program = await verifying.locator('pre').last().innerText();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await page.keyboard.press('Escape');

  // What the page shows is run as it is, but for its port, and told what the page shows of a delivery.
  const own = await startReceiving(program, textAt(made, 'secret'));
  await page.getByRole('link', { name: shaky.url }).click();
  const last = page.locator('[data-delivery]').first();
  await last.getByRole('button', { name: /^Attempts/ }).click();
  await last.getByRole('button', { name: 'Show request' }).click();
  await last.getByText('webhook-signature', { exact: true }).waitFor();
  expect(await last.getByRole('definition').filter({ hasText: '***' }).count()).toBe(1);
  expect(await problemsInBothSchemes(page)).toEqual([]);
  const command = await last.locator('pre').last().innerText();
  expect(await runCurl(command.replaceAll(shaky.url, own))).toContain('HTTP/1.1 204');
  expect(await runCurl(command.replaceAll(shaky.url, own).replace('COMPLETED', 'FAILED'))).toContain('HTTP/1.1 401');

  await call('POST', `${server.url}/webhooks/${id}:pause`);
  await last.getByRole('button', { name: 'Resend' }).click();
  await last.getByText(/Webhook paused$/).waitFor();
  await page.getByText('The webhook is paused. This is sent when you resume it.').waitFor();
  expect(await last.getByRole('button', { name: 'Try now' }).isDisabled()).toBe(true);
  expect(problems).toEqual([]);
  await call('DELETE', `${server.url}/webhooks/${id}`);
  await close();
});

test('the events of a webhook are chosen beside what they look like', async () => {
  const { url } = receiver.at('chosen');
  const { page, problems, close } = await openConsole(server.url, '/webhooks', { width: 390 });
  await page.getByRole('button', { name: 'New webhook' }).click();
  const form = page.getByRole('dialog', { name: 'New webhook' });
  await form.getByLabel('URL').fill(url);
  expect(await form.getByRole('checkbox', { name: 'Status changed' }).isChecked()).toBe(true);
  await form.getByRole('checkbox', { name: 'Task started' }).uncheck();
  await form.getByRole('checkbox', { name: 'Artifact written' }).check();
  await form.getByRole('button', { name: 'Example: Artifact written' }).click();
  await form.getByText('"artifactUpdate"').waitFor();
  expect(await problemsInBothSchemes(page)).toEqual([]);
  await form.getByRole('button', { name: 'New webhook' }).click();
  await page.getByRole('button', { name: 'I’ve copied it' }).click();
  const { body } = await call('GET', `${server.url}/webhooks`);
  expect(body).toMatchObject({ webhooks: [{ url, kinds: ['statusUpdate', 'artifactUpdate'] }] });
  await call('DELETE', `${server.url}/webhooks/${textAt(body, 'webhooks', 0, 'id')}`);
  expect(problems).toEqual([]);
  await close();
});

test('many deliveries come page by page, wide and narrow', async () => {
  const { url } = receiver.at('all');
  const id = await subscribe(url, { description: 'All of it' });
  await reaches(server.url, await begin(server.url, 'test/flood', { events: 60 }), 'COMPLETED');
  await areSettled(id);
  for (const width of [1280, 360]) {
    const { page, problems, close } = await openConsole(server.url, '/webhooks', { width });
    const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    await page.getByText('All of it').waitFor();
    expect(await problemsInBothSchemes(page)).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'All of it' }).click();
    await page.waitForURL(new RegExp(`endpoint=${id}`));
    const rows = page.locator('[data-delivery]');
    await rows.nth(49).waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show older' }).click();
    await rows.nth(60).waitFor();
    expect(await problemsInBothSchemes(page)).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await close();
  }
});
