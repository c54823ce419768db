/** A conversation as people read it: what was asked, how the answer came about, and the answer. */
import type { SessionMessage, Task } from '@continuo/client';
import { agentOf, choiceOf, contentOf, hasEnded, progressOf, stateOf, textOf } from '@continuo/client/facts';
import { callsIn, isAboutTools, type ToolCall } from './tool-calls.js';

/** What stands in a turn, in the order in which it was said. */
type Item =
  | { readonly kind: 'said'; readonly key: string; readonly said: SessionMessage }
  | {
      readonly kind: 'steps';
      readonly key: string;
      readonly calls: readonly ToolCall[];
      /** What agents said that work for the one that answers. */
      readonly others: readonly SessionMessage[];
    };

/** What began with one message to an agent, and all that came of it. */
export interface Turn {
  readonly key: string;
  /** The root; undefined in a copy of a session, and for one that was long ago. */
  readonly task: Task | undefined;
  /** The task whose words are the answer while it is written: the root, or the one that it has handed everything to. */
  readonly speaker: Task | undefined;
  /** All that was asked and answered in it, by id. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly items: readonly Item[];
  /** Who was asked. */
  readonly agent: string | undefined;
  /** What the answers hold, by their text and by all of it: what is among it isn't shown twice. */
  readonly said: readonly string[];
  /** The message that it began with, and the one before: undefined where it isn't known which that is. */
  readonly asked: SessionMessage | undefined;
  readonly before: SessionMessage | undefined;
}

interface Open extends Pick<Turn, 'key' | 'task' | 'agent' | 'asked' | 'before'> {
  readonly messages: SessionMessage[];
}

/** Oldest first. Two tasks that answer at the same time have a turn each. */
export function turnsOf(messages: readonly SessionMessage[], tasks: readonly Task[]): readonly Turn[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const turns = new Map<string, Open>();
  let last: Open | undefined;
  for (const [index, said] of messages.entries()) {
    const root = rootOf(said, byId);
    const own = isOwn(said);
    const known = root === undefined ? undefined : turns.get(root);
    const turn =
      known ??
      (last === undefined || own || (root !== undefined && last.task !== undefined)
        ? {
            key: root ?? said.message.messageId,
            task: root === undefined ? undefined : byId.get(root),
            agent: said.agent,
            asked: own ? said : undefined,
            before: messages[index - 1],
            messages: [],
          }
        : last);
    turns.set(turn.key, turn);
    turn.messages.push(said);
    last = turn;
  }
  return [...turns.values()].map((turn) => closed(turn, tasks, byId));
}

function rootOf({ taskId }: SessionMessage, tasks: ReadonlyMap<string, Task>): string | undefined {
  const task = taskId === undefined ? undefined : tasks.get(taskId);
  return task === undefined ? taskId : (progressOf(task).rootTaskId ?? task.id);
}

function closed({ messages, ...turn }: Open, all: readonly Task[], byId: ReadonlyMap<string, Task>): Turn {
  const root = turn.task;
  const tree = root === undefined ? [] : all.filter((task) => task === root || progressOf(task).rootTaskId === root.id);
  const speakers = new Set(tree.filter((task) => speaks(task, root, byId)).map(({ id }) => id));
  const isAnswer = (said: SessionMessage): boolean =>
    root === undefined ? said.agent === turn.agent || hasChoice(said) : speakers.has(said.taskId ?? '');
  const calls = callsIn(messages.filter(isAnswer));
  const items: Item[] = [];
  for (const said of messages) {
    if (isOwn(said)) items.push({ kind: 'said', key: said.message.messageId, said });
    else if (isAnswer(said) && !isAboutTools(said)) {
      // Streamed or stored, the same answer is in the same place.
      items.push({ kind: 'said', key: `answer ${items.filter(isAnswered).length}`, said });
    } else addStep(items, said, isAnswer(said) ? calls : undefined);
  }
  const answers = items.flatMap((item) => (isAnswered(item) ? [item.said.message.parts] : []));
  return {
    ...turn,
    tasks: new Map(tree.map((task) => [task.id, task])),
    speaker: tree.find((task) => task !== root && speakers.has(task.id) && !hasEnded(stateOf(task))) ?? root,
    items,
    said: answers.flatMap((parts) => [textOf(parts).trim(), contentOf(parts)]),
  };
}

/** What an agent does on the way is one block until it says something. */
function addStep(
  items: Item[],
  said: SessionMessage,
  calls: ReadonlyMap<string, readonly ToolCall[]> | undefined,
): void {
  const last = items.at(-1);
  const block =
    last?.kind === 'steps' ? last : { kind: 'steps' as const, key: `steps ${said.seq}`, calls: [], others: [] };
  if (block !== last) items.push(block);
  const more =
    calls === undefined
      ? { others: isAboutTools(said) ? block.others : [...block.others, said] }
      : { calls: [...block.calls, ...(calls.get(said.message.messageId) ?? [])] };
  items[items.length - 1] = { ...block, ...more };
}

/** The root speaks, and who was chosen to do all of it in its place. */
function speaks(task: Task, root: Task | undefined, byId: ReadonlyMap<string, Task>): boolean {
  if (task === root) return true;
  const parent = byId.get(progressOf(task).parentTaskId ?? '');
  return parent !== undefined && choiceOf(task.metadata) !== undefined && speaks(parent, root, byId);
}

function hasChoice({ message }: SessionMessage): boolean {
  return choiceOf(message.metadata) !== undefined;
}

export function isOwn({ message }: SessionMessage): boolean {
  return message.role === 'ROLE_USER';
}

export function isAnswered(item: Item): item is Extract<Item, { kind: 'said' }> {
  return item.kind === 'said' && !isOwn(item.said);
}

/** Of a task that is among those of the turn. */
export function agentNamed({ agent, task }: Turn): string {
  return agent ?? (task === undefined ? '' : agentOf(task));
}
