/** Pictures of traces and of failed tasks. */
import { expect, test } from 'vitest';
import { call } from '../../server/test/support/http-calls.js';
import { startOpenAiServer } from '../../server/test/support/openai-server.js';
import { begin, reaches } from '../test/support/sample-data.js';
import { startTracedServer } from '../test/support/start-console-server.js';
import { take } from './take.js';

test('traces', async () => {
  const openAi = await startOpenAiServer();
  openAi.otherwise(() => ({ kind: 'answer', words: ['Order ', '4711 ', 'is ', 'paid.'] }));
  const { url } = await startTracedServer({
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
    CONTINUO_MODEL_API_KEY: 'sk-secret',
    CONTINUO_TRACE_PROMPTS: 'true',
  });
  const answered = async (id: string): Promise<void> => {
    await reaches(url, id, 'INPUT_REQUIRED');
    const message = { taskId: id, parts: [{ text: 'Yes, please.' }] };
    await call('POST', `${url}/agents/test/refund/tasks`, { body: { message } });
  };
  const tool = () => openAi.next({ kind: 'calls', calls: [{ name: 'look_up', input: { order: 4711 } }] });
  tool();
  const failed = await begin(url, 'test/refund', { order: 4711, fails: true });
  await answered(failed);
  await reaches(url, failed, 'FAILED');
  tool();
  const done = await begin(url, 'test/refund', { order: 4712 });
  await answered(done);
  await reaches(url, done, 'COMPLETED');
  tool();
  const waits = await begin(url, 'test/refund', { order: 4713 });
  await reaches(url, waits, 'INPUT_REQUIRED');
  const many = await begin(url, 'test/many', { steps: 3_000 });
  await reaches(url, many, 'COMPLETED');
  const pages: Record<string, string> = {
    'trace-done': `/tasks/${done}`,
    'trace-waiting': `/tasks/${waits}`,
    'trace-many': `/tasks/${many}`,
    'trace-events': `/tasks/${failed}?view=events`,
    'trace-log': `/tasks/${failed}?view=log`,
    'trace-conversation': `/tasks/${failed}?view=conversation`,
  };
  expect(
    await take(url, 'trace-failed', `/tasks/${failed}`, async (page) => {
      const row = (name: string) => page.getByRole('row', { name });
      await row('Child task, test/clerk').click();
      await page.keyboard.press('Escape');
      await page.getByRole('treegrid').press('ArrowRight');
      await row('Tool call').waitFor();
      await row('Step, refund payment').click();
      await page.getByRole('button', { name: 'Copy for an issue' }).last().waitFor();
    }),
  ).toEqual([]);
  for (const [name, path] of Object.entries(pages)) expect(await take(url, name, path)).toEqual([]);
});
