/** Plays a program twice, once undisturbed and once cut off at its points, as the same task: both must leave the same behind. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { textOf, type Message } from '@continuo/agent/internal/sessions/message.js';
import { progressOf, stateOf } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal, isWaiting } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../../../src/platform/caller.js';
import { sessionKey } from '../../../src/sessions/append-messages.js';
import { expectedOf, type Expected } from './expected.js';
import { AGENT, REFUSED, refusalsOf, type Given } from './given.js';
import { judge, judgeSession, sessionOf, withoutReason, type Left } from './judge.js';
import type { Cut, Node, Program } from './program.js';
import type { Stage } from './stage.js';
import { Trial, trials } from './trial.js';

const ROOT = '0';
/** How long a task may take on a machine that is busy with many. */
const PATIENCE_MS = 120_000;

interface Part {
  readonly stage: Stage;
  readonly program: Program;
  readonly caller: Caller;
  readonly taskId: string;
  readonly contextId: string;
}

/** What is wrong; empty when nothing is. */
export async function play(stage: Stage, program: Program): Promise<readonly string[]> {
  const caller = { tenant: 'test', owner: newId() };
  stage.tally.add({ programs: 1 });
  const part = { stage, program, caller, taskId: newId(), contextId: newId() };
  const expected = expectedOf(program.body, ROOT);
  const whole = await perform(part, expected, false);
  if (whole.problems.length > 0) return whole.problems.map((problem) => `without a crash: ${problem}`);
  await stage.runtime.eraser.erase(caller, part.contextId);
  await stage.database.query('DELETE FROM erased_tasks WHERE id = $1', [part.taskId]);
  const cut = await perform(part, expected, true);
  const isSame = expected.races || program.inbox > 0 || JSON.stringify(sorted(whole)) === JSON.stringify(sorted(cut));
  const differs = `left ${JSON.stringify(sorted(cut))} behind, and without a crash ${JSON.stringify(sorted(whole))}`;
  return isSame || cut.problems.length > 0 ? cut.problems : [differs];
}

type Performed = Left & { readonly problems: readonly string[] };

async function perform(part: Part, expected: Expected, isCut: boolean): Promise<Performed> {
  const { stage, program, caller, taskId, contextId } = part;
  const cuts = isCut ? cutsOf(program) : new Map<string, readonly Cut[]>();
  const trial = new Trial(newId(), cuts, isCut);
  try {
    const { answers, sent } = await accompany(part, trial);
    const left = await judge(stage, trial, { caller, path: ROOT, expected, fails: program.fails, sent });
    const failure = 'It was to fail.';
    const spoken = sessionOf(program.fails ? { ...expected, answer: failure } : expected);
    const heard = [trial.id, ...answers, ...sent].map((text) => `ROLE_USER ${text}`);
    await judgeSession(stage, trial, sessionKey(caller, contextId), [...spoken, ...heard]);
    return { ...left, problems: trial.problems };
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    await stage.runtime.calls.cancel(caller, taskId).catch(() => undefined);
    return { artifacts: [], messages: [], problems: [...trial.problems, error.message] };
  } finally {
    trials.delete(trial.id);
    stage.tally.add(trial.counts());
  }
}

/** The task does not come to its end. */
class Stuck extends Error {
  override readonly name = 'Stuck';
}

interface Accompanied {
  readonly answers: readonly string[];
  /** What reached its inbox. */
  readonly sent: readonly string[];
}

/** Begins the task, writes to its inbox, answers what it asks until it has ended. */
async function accompany(part: Part, trial: Trial): Promise<Accompanied> {
  const { stage, program, caller, taskId, contextId } = part;
  const { calls, tasks } = stage.runtime;
  const given: Given = { trial: trial.id, path: ROOT, body: program.body, fails: program.fails };
  await calls.send(caller, AGENT, message(contextId, [{ text: trial.id }, { data: { ...given } }]), { taskId });
  const tell = async (text: string): Promise<void> => {
    await calls.send(caller, AGENT, { ...message(contextId, [{ text }]), taskId });
  };
  const sent: string[] = [];
  for (let number = 0; number < program.inbox; number += 1) {
    const text = `message ${number}`;
    if (!(await tell(text).then(() => true, unlessEnded))) break;
    sent.push(text);
  }
  const answers: string[] = [];
  const answered = new Map<string, number>();
  const seen = new Set<string>();
  const late = AbortSignal.timeout(PATIENCE_MS);
  for await (const { response } of tasks.follow(taskId, 0, late)) {
    const state = stateOf(response);
    const stageNow = progressOf(response)?.stage ?? '';
    if (stageNow.startsWith('Held: ')) throw new Stuck(`task ${taskId} is held: ${stageNow}`);
    if (state === undefined) continue;
    if (isTerminal(state)) return { answers, sent };
    if (!isWaiting(state)) continue;
    const { task, state: now } = await tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
    const asks = task.status.message;
    if (!isWaiting(now) || asks === undefined || seen.has(asks.messageId)) continue;
    seen.add(asks.messageId);
    const question = withoutReason(textOf(asks.parts));
    const times = answered.get(question) ?? 0;
    answered.set(question, times + 1);
    const answer = times < refusalsOf(question) ? REFUSED : `yes to ${question}`;
    answers.push(answer);
    await tell(answer);
  }
  const { state, task } = await tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
  throw new Stuck(`task ${taskId} is still ${state}: ${JSON.stringify(task.status)}`);
}

function unlessEnded(error: unknown): false {
  if (error instanceof ContinuoError && error.code === 'UNSUPPORTED_OPERATION') return false;
  throw error;
}

function message(contextId: string, parts: Message['parts']): Message {
  return { messageId: newId(), contextId, role: 'ROLE_USER', parts };
}

function sorted({ artifacts, messages }: Left): unknown {
  return [artifacts.map(({ id, words }) => `${id} ${words}`).toSorted(), messages.toSorted()];
}

/** Of the task and its children, by path. */
function cutsOf(program: Program): ReadonlyMap<string, readonly Cut[]> {
  const all = new Map([[ROOT, program.cuts]]);
  const look = (nodes: readonly Node[], path: string): void => {
    for (const [index, node] of nodes.entries()) {
      const own = `${path}.${index}`;
      if (node.do === 'all') node.flows.forEach((flow, at) => look(flow, `${own}.${at}`));
      if (node.do === 'branches') node.branches.forEach(({ body }, at) => look(body, `${own}.${at}`));
      if (node.do !== 'call' && node.do !== 'callAll') continue;
      node.children.forEach((child, at) => all.set(`${own}.${at}`, child.cuts));
    }
  };
  look(program.body, ROOT);
  return all;
}
