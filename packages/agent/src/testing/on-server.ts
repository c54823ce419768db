/** The same scenario on a real server, over HTTP. */
import { agentOf, createdAt, heldOf } from '@continuo/client/facts';
import { contentOf } from '../agents/content.js';
import { systemClock } from '../platform/clock.js';
import type { Message, Part } from '../sessions/message.js';
import {
  ERROR_EXTENSION,
  HELD_EXTENSION,
  INPUT_EXTENSION,
  PROGRESS_EXTENSION,
  type Task,
  type TaskFailure,
  type TaskStatusUpdate,
} from '../tasks/task.js';
import type { Progress } from '../tasks/task-event.js';
import { fromWireState, isTerminal, isWaiting } from '../tasks/task-state.js';
import { GivenAnswers } from './answers.js';
import { answered, logged, madeCall, spoken, type ObservedTask, type Outcome } from './outcome.js';
import type { Scenario } from './scenario.js';
import { wordsOf } from './memory-world.js';

/** What can be seen of a task from outside. */
export interface ServerTask extends ObservedTask {
  readonly id: string;
}

const LOOK_EVERY_MS = 100;
const PAGE = 100;
/** All that a server keeps of one task's log. */
const LINES = 5_000;
/** Of an event in a stream. */
const DATA = 'data: ';

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
    if (isTerminal(state) || heldOf(task) !== undefined) break;
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
  const { id, contextId, metadata } = task;
  const session = `/sessions/${contextId}`;
  const [{ steps }, { lines }, progress, calls, said, state] = await Promise.all([
    ask(`/tasks/${id}/steps`) as Promise<Pick<ServerTask, 'steps'>>,
    ask(`/tasks/${id}/log?pageSize=${LINES}`) as Promise<{ readonly lines: ServerTask['log'] }>,
    progressOf(ask, id),
    callsOf(ask, id),
    stateless ? { messages: [] } : ask(`${session}/messages?order=asc&pageSize=${PAGE}`),
    stateless ? {} : (ask(`${session}/state`) as Promise<Outcome['sessionState']>),
  ]);
  const { messages } = said as {
    readonly messages: readonly { readonly message: Message; readonly taskId?: string }[];
  };
  const outcome: Outcome = {
    ...answered(task),
    messages: messages.filter(({ taskId }) => taskId === id).map(({ message }) => spoken(message)),
    questions,
    sessionState: state,
  };
  const held = heldOf(task);
  return {
    ...outcome,
    id,
    outcome,
    progress,
    calls,
    log: lines.map(logged),
    steps: steps.map(({ name, failed }) => ({ name, failed })),
    failure: metadata?.[ERROR_EXTENSION] as TaskFailure | undefined,
    held: held && { finished: held.finished, found: held.found },
  };
}

/** What the log says that the task reported, and not what the server says of it. */
async function progressOf(ask: Ask, id: string): Promise<ServerTask['progress']> {
  const log = (await ask(`/tasks/${id}/events?follow=false`)) as string;
  const events = log.split('\n').flatMap((line) => (line.startsWith(DATA) ? [line.slice(DATA.length)] : []));
  return events.flatMap((event) => {
    const { statusUpdate } = JSON.parse(event) as { readonly statusUpdate?: TaskStatusUpdate };
    const said = statusUpdate?.metadata?.[PROGRESS_EXTENSION] as Progress | undefined;
    if (said?.stage === undefined || statusUpdate?.metadata?.[HELD_EXTENSION] !== undefined) return [];
    return [{ fraction: said.fraction, stage: said.stage }];
  });
}

async function callsOf(ask: Ask, id: string): Promise<ServerTask['calls']> {
  const children: Task[] = [];
  for (let token = ''; ;) {
    const page = `/tasks?parentTaskId=${id}&pageSize=${PAGE}&pageToken=${encodeURIComponent(token)}`;
    const { tasks, nextPageToken } = (await ask(page)) as {
      readonly tasks: readonly Task[];
      readonly nextPageToken: string;
    };
    for (const child of tasks) children.push((await ask(`/tasks/${child.id}`)) as Task);
    token = nextPageToken;
    if (token === '') break;
  }
  const begun = (child: Task): string => `${createdAt(child)?.toISOString() ?? ''} ${child.id}`;
  return children
    .toSorted((one, other) => (begun(one) < begun(other) ? -1 : 1))
    .map((child) => {
      const state = fromWireState(child.status.state) ?? 'WORKING';
      return madeCall(agentOf(child), child.history?.[0]?.parts ?? [], state, child);
    });
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
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const answer: unknown = isJson ? await response.json() : await response.text();
    if (!response.ok) throw new Error(`${url}${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  };
}
