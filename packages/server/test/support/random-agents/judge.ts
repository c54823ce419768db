/** Compares what a task has left behind with what its program must leave behind. */
import { textOf, type Message } from '@continuo/agent/internal/sessions/message.js';
import { PROGRESS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../../../src/platform/caller.js';
import type { Expected } from './expected.js';
import type { Stage } from './stage.js';
import type { Trial } from './trial.js';

interface EventRow {
  readonly seq: number;
  readonly key: string;
  readonly kind: string;
  readonly payload: {
    readonly status?: { readonly state: string; readonly message?: Message };
    readonly artifact?: { readonly artifactId: string; readonly name?: string; readonly parts: Message['parts'] };
    readonly metadata?: Readonly<Record<string, { readonly stage?: string } | undefined>>;
  };
  readonly message: Message | null;
}

export interface Left {
  /** `name: text`, with ids. */
  readonly artifacts: readonly { readonly id: string; readonly words: string }[];
  /** Ids of what was said of the progress. */
  readonly messages: readonly string[];
}

/** The problems of a task and its children go to the trial. */
export async function judge(
  stage: Stage,
  trial: Trial,
  {
    caller,
    path,
    expected,
    fails,
    sent,
  }: {
    readonly caller: Caller;
    readonly path: string;
    readonly expected: Expected;
    readonly fails: boolean;
    /** To its inbox. */
    readonly sent: readonly string[];
  },
): Promise<Left> {
  const id = trial.tasks.get(path) ?? '';
  const differs = (what: string, found: readonly string[], wanted: readonly string[]): void => {
    const [is, should] = [JSON.stringify(found.toSorted()), JSON.stringify(wanted.toSorted())];
    if (is !== should) trial.problems.push(`task ${path}: ${what} are ${is}, not ${should}`);
  };
  const { task, state } = await stage.runtime.tasks.get(caller, id, { artifacts: true });
  differs('states', [state], [fails ? 'FAILED' : 'COMPLETED']);
  const events = await stage.database.query<EventRow & Record<string, unknown>>(
    'SELECT seq, key, kind, payload, message FROM task_events WHERE task_id = $1 ORDER BY seq',
    [id],
  );
  differs(
    'numbers of events',
    events.map(({ seq }) => String(seq)),
    events.map((_, index) => String(index + 1)),
  );
  const saidIn = ({ payload, message }: EventRow): string => textOf((message ?? payload.status?.message)?.parts ?? []);
  const stages = events.filter(({ key, kind }) => kind === 'statusUpdate' && key.startsWith('say:'));
  differs(
    'words on progress',
    stages.map(({ payload }) => payload.metadata?.[PROGRESS_EXTENSION]?.stage ?? ''),
    expected.stages,
  );
  const messages = stages.map(({ payload, message }) => (message ?? payload.status?.message)?.messageId ?? '');
  differs('ids of words on progress', [...new Set(messages)], messages);
  const asks = events.filter(({ key }) => key.startsWith('ask:'));
  const relayed = [...expected.children.values()].flatMap(({ asked }) => asked);
  differs('questions', asks.map(saidIn).map(withoutReason), [...expected.asked, ...relayed]);
  differs(
    'ends',
    events.filter(({ key }) => key.startsWith('end:')).map(({ seq }) => String(seq)),
    [String(events.length)],
  );
  const words = ({ name = '', parts }: { readonly name?: string; readonly parts: Message['parts'] }): string =>
    `${name}: ${parts.map(({ text = '' }) => text).join('')}`.replace(/ won by \d+$/, '');
  const isTaken = (artifact: string): boolean => artifact.startsWith(': inbox ');
  const wholes = events.filter(({ key, kind }) => kind === 'artifactUpdate' && key.startsWith('say:'));
  const published = wholes.flatMap(({ payload }) => (payload.artifact === undefined ? [] : [words(payload.artifact)]));
  differs(
    'publications',
    published.filter((each) => !isTaken(each)),
    expected.said,
  );
  const taken = published.filter(isTaken).map((artifact) => artifact.replace(': inbox ', ''));
  differs('messages taken', taken, sent.slice(0, taken.length));
  if (!expected.stepStreams) {
    const chunks = events.filter(({ key }) => key.startsWith('chunk:'));
    differs('chunks', [String(chunks.length)], [String(expected.chunks)]);
  }
  const artifacts = (task.artifacts ?? []).map((artifact) => ({ id: artifact.artifactId, words: words(artifact) }));
  differs(
    'artifacts',
    artifacts.map((artifact) => artifact.words).filter((each) => !isTaken(each)),
    [...expected.artifacts, ...(fails ? [] : [`answer: ${expected.answer}`])],
  );
  const answers = events.filter(({ key }) => key.startsWith('returned:'));
  differs('answers', [String(answers.length)], [fails ? '0' : '1']);
  for (const { path: step, attempts, optional } of expected.steps) {
    const [worked, runs] = [trial.workedOf(step), trial.runsOf(path)];
    const most = attempts * runs;
    if ((worked < attempts && !optional) || worked > most) {
      trial.problems.push(`task ${path}: step ${step} was tried ${worked} times in ${runs} runs`);
    }
  }
  for (const [child, own] of expected.children) {
    await judge(stage, trial, { caller, path: child, expected: own, fails: false, sent: [] });
  }
  return { artifacts, messages };
}

/** A question that is asked again says why in a second part. */
export function withoutReason(question: string): string {
  return question.split('\n', 1)[0] ?? '';
}

/** What was said in the session: each thing once. */
export async function judgeSession(stage: Stage, trial: Trial, key: string, wanted: readonly string[]): Promise<void> {
  const rows = await stage.database.query<{ message: Message }>(
    'SELECT message FROM messages WHERE session_id = $1 ORDER BY seq',
    [key],
  );
  const found = rows.map(({ message }) => `${message.role} ${withoutReason(textOf(message.parts))}`);
  const [is, should] = [JSON.stringify(found.toSorted()), JSON.stringify(wanted.toSorted())];
  if (is !== should) trial.problems.push(`the session has ${is}, not ${should}`);
}

/** All that a task and its children say in the session. */
export function sessionOf({ asked, answer, children }: Expected): readonly string[] {
  return [
    ...asked.map((question) => `ROLE_AGENT ${question}`),
    `ROLE_AGENT ${answer}`,
    ...[...children.values()].flatMap(sessionOf),
  ];
}
