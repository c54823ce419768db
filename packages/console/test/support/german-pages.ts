/** The pages of the console with something on each of them, for tests that walk over them in German. */
import type { Page } from 'playwright-core';
import { call } from '../../../server/test/support/http-calls.js';
import { until } from '../../../server/test/support/until.js';
import { begin, openSession, reaches } from './sample-data.js';

/** Addresses below `/console`, and a German text that stands on each when it is there. */
export type Pages = readonly (readonly [path: string, text: string])[];

/** Pages of lists, of agents and of settings, after some tasks have ended in each way. */
export async function everydayPages(url: string): Promise<Pages> {
  await call('POST', `${url}/webhooks`, { body: { url: `${url}/nowhere`, description: 'A receiver' } });
  await tasksOfEachKind(url);
  return [
    ['/overview', 'Abgeschlossen'],
    ['/inbox', 'Wartet auf Ihre Antwort'],
    ['/tasks', 'Fehlgeschlagen'],
    ['/tasks?state=REJECTED', 'Keine Aufgaben passen zu diesen Filtern'],
    ['/sessions', 'Kraniche'],
    ['/marketing', 'Zielgruppe'],
    ['/agents', 'Agenten suchen'],
    ['/webhooks', 'Alle Agenten'],
    ['/webhooks/deliveries', 'Ereignis'],
    ['/settings', 'Tastatur und Benachrichtigungen'],
    ['/nothing-here', 'Seite nicht gefunden'],
  ];
}

/** A task in each of its views, a conversation, and an agent. */
export async function pagesOfOne(url: string): Promise<Pages> {
  const { failed, echoed, asks, session } = await tasksOfEachKind(url);
  return [
    ['/chat', 'Was möchten Sie tun?'],
    [`/chat/${session}`, 'Neu erzeugen'],
    [`/tasks/${failed}`, 'Warum sie fehlschlug'],
    [`/tasks/${asks}`, 'Wartet auf Ihre Antwort'],
    [`/tasks/${echoed}?view=events`, 'Abgeschlossen'],
    [`/tasks/${echoed}?view=artifacts`, 'Herunterladen'],
    [`/tasks/${echoed}?view=conversation`, 'Sie'],
    [`/tasks/${echoed}?view=children`, 'Keine Unteraufgaben'],
    [`/tasks/${echoed}?view=log`, 'Keine Logzeilen'],
    [`/tasks/${echoed}?view=deliveries`, 'Kein Webhook passt zu dieser Aufgabe'],
    ['/agents/function/countdown', 'Endpunkte'],
  ];
}

/** Opened, and nothing on it is being loaded any more. */
export async function openPage(page: Page, url: string, [path, text]: Pages[number]): Promise<void> {
  await page.goto(`${url}/console${path}`);
  const shown = page.getByText(text).or(page.getByLabel(text));
  await shown.first().waitFor({ state: 'attached' });
  await until(async () => (await page.locator('.mantine-Loader-root').count()) === 0, {
    what: `${path} to be loaded`,
  });
}

async function tasksOfEachKind(url: string) {
  const session = await openSession(url, 'Kraniche');
  const echoed = await begin(url, 'function/echo', 'Hallo', session);
  const failed = await begin(url, 'function/countdown', { steps: -1 });
  const asks = await begin(url, 'test/travel', 'Los');
  await reaches(url, echoed, 'COMPLETED');
  await reaches(url, failed, 'FAILED');
  await reaches(url, asks, 'INPUT_REQUIRED');
  return { failed, echoed, asks, session };
}
