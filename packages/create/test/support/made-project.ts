/** What people do in a project that they have made: develop it, call its agents, run it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output, Project, Running } from '../../../server/test/support/foreign-project.js';
import { until } from '../../../server/test/support/until.js';

const STARTED_WITHIN_MS = 180_000;
/** Done, or the task asks something that nobody can answer here. */
const ANSWERED = [0, 3];

/** What npm may have to say of the packages that are installed. */
export const complaint = /warn|EBADENGINE|deprecated/i;

/** `npm run dev`; resolves when it serves. */
export async function developed(project: Project, port: string): Promise<Running> {
  const running = project.start('npm', ['run', 'dev'], { PORT: port });
  await until(() => running.output().includes('Continuo is ready'), {
    what: 'npm run dev to be ready',
    timeoutMs: STARTED_WITHIN_MS,
  }).catch((error: unknown) => {
    throw new Error(`it wrote:\n${running.output()}`, { cause: error });
  });
  return running;
}

/** `npm start` in production; resolves when it is ready. */
export async function produced(project: Project, port: string, databaseUrl: string): Promise<Running> {
  const env = { NODE_ENV: 'production', DATABASE_URL: databaseUrl, PORT: port };
  const running = project.start('npm', ['start'], env);
  await until(() => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok), {
    what: 'npm start to be ready',
    timeoutMs: STARTED_WITHIN_MS,
  }).catch((error: unknown) => {
    throw new Error(`it wrote:\n${running.output()}`, { cause: error });
  });
  return running;
}

/** `continuo call`; throws what it said unless the agent has answered or asked. */
export async function called(project: Project, port: string, ...words: readonly string[]): Promise<Output> {
  const output = await project.run('continuo', 'call', ...words, '--url', `http://127.0.0.1:${port}`);
  if (!ANSWERED.includes(output.code ?? -1)) throw new Error(`continuo call ${words.join(' ')}:\n${output.all}`);
  return output;
}

/** Changes what the agent's card says of it, and waits for the card to say so. */
export async function edited(project: Project, port: string, { agent, file }: { agent: string; file: string }) {
  const code = await readFile(join(project.directory, file), 'utf8');
  await project.write({ [file]: code.replace(/description:\s*'/, "description: 'Edited. ") });
  const card = `http://127.0.0.1:${port}/agents/${agent}/.well-known/agent-card.json`;
  await until(async () => /"description":"Edited\. /.test(await (await fetch(card)).text()), {
    what: 'the edit to show',
    timeoutMs: STARTED_WITHIN_MS,
  });
}
