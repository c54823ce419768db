/** The same scenario on a real server, over HTTP. */
import { contentOf } from '../agents/content.js';
import { systemClock } from '../platform/clock.js';
import type { Message, Part } from '../sessions/message.js';
import { INPUT_EXTENSION, type Task } from '../tasks/task.js';
import { fromWireState, isTerminal, isWaiting } from '../tasks/task-state.js';
import { GivenAnswers } from './answers.js';
import { answered, spoken, type Outcome } from './outcome.js';
import type { Scenario } from './scenario.js';
import { wordsOf } from './memory-world.js';

/** What can be seen of a task from outside. */
export interface ServerTask extends Outcome {
  readonly id: string;
  readonly outcome: Outcome;
  readonly steps: readonly { readonly name: string; readonly failed: boolean }[];
}

const LOOK_EVERY_MS = 100;

type Ask = (path: string, body?: unknown, method?: string) => Promise<unknown>;

/** Throws an Error with what the server said when it refuses something. */
export async function testOnServer(
  agent: string,
  parts: readonly Part[],
  scenario: Scenario,
  url: string,
): Promise<ServerTask> {
  refuseScripts(scenario);
  const ask = asking(url, scenario.headers ?? {});
  const sessionId = await sessionFor(scenario, ask);
  const send = (message: Pick<Message, 'parts' | 'taskId'>): Promise<Task> => {
    const within = sessionId === undefined || message.taskId !== undefined ? {} : { sessionId };
    return ask(`/agents/${agent}/tasks`, {
      message,
      wait: true,
      metadata: scenario.metadata,
      ...within,
    }) as Promise<Task>;
  };
  const answers = new GivenAnswers(scenario.answers);
  const questions: { readonly text: string; readonly answer: string | undefined }[] = [];
  let task = await send({ parts });
  for (;;) {
    const state = fromWireState(task.status.state) ?? 'WORKING';
    if (isTerminal(state)) break;
    const question = isWaiting(state) ? task.status.message : undefined;
    if (question === undefined) {
      task = await settledAgain(ask, task.id);
      continue;
    }
    const { text } = contentOf(question.parts);
    const request = question.metadata?.[INPUT_EXTENSION] as
      | { readonly schema?: Readonly<Record<string, unknown>> }
      | undefined;
    const forAuth = state === 'AUTH_REQUIRED';
    const answer = answers.to({ text, parts: question.parts, schema: request?.schema, forAuth });
    questions.push({ text, answer: answer && wordsOf(contentOf(answer)) });
    if (answer === undefined) break;
    task = await send({ parts: answer, taskId: task.id });
  }
  return seen(ask, task, questions, scenario.session === false);
}

function refuseScripts(scenario: Scenario): void {
  const scripts = ['calls', 'model', 'inbox', 'memories', 'now', 'crashAfter'] as const;
  const given = scripts.filter((name) => scenario[name] !== undefined);
  if (given.length === 0) return;
  throw new TypeError(
    `On a server ${given.join(' and ')} can't be scripted: its own agents, models and time answer there.`,
  );
}

async function sessionFor({ session = {} }: Scenario, ask: Ask): Promise<string | undefined> {
  if (session === false || session.state === undefined) return undefined;
  if (session.messages !== undefined) throw new TypeError('On a server what was said before is said to an agent.');
  const { id } = (await ask('/sessions', {})) as { readonly id: string };
  await ask(`/sessions/${id}/state`, session.state, 'PATCH');
  return id;
}

async function seen(ask: Ask, task: Task, questions: Outcome['questions'], stateless: boolean): Promise<ServerTask> {
  const { steps } = (await ask(`/tasks/${task.id}/steps`)) as { readonly steps: ServerTask['steps'] };
  const session = `/sessions/${task.contextId}`;
  const [said, state] = stateless
    ? [{ messages: [] }, {}]
    : await Promise.all([ask(`${session}/messages?order=asc&pageSize=100`), ask(`${session}/state`)]);
  const { messages } = said as {
    readonly messages: readonly { readonly message: Message; readonly taskId?: string }[];
  };
  const outcome: Outcome = {
    ...answered(task),
    messages: messages.filter(({ taskId }) => taskId === task.id).map(({ message }) => spoken(message)),
    questions,
    sessionState: state as Outcome['sessionState'],
  };
  return { ...outcome, id: task.id, outcome, steps: steps.map(({ name, failed }) => ({ name, failed })) };
}

/** A call that waits ends after a while, whether the task does or not. */
async function settledAgain(ask: Ask, id: string): Promise<Task> {
  await systemClock.sleep(LOOK_EVERY_MS);
  return (await ask(`/tasks/${id}`)) as Task;
}

function asking(url: string, headers: Readonly<Record<string, string>>): Ask {
  return async (path, body, method = body === undefined ? 'GET' : 'POST') => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${url}${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  };
}
