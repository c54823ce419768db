/** A task for each pair of an edit and a state, all side by side on one database; what a person does with them, and what is to be seen of them. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOf, type State } from './edited-agents.mjs';
import type { Held, Pair } from './edits-table.js';
import { at, call, textAt } from './http-calls.js';
import { runOn } from './postgres.js';
import { begin } from './two-instances.js';
import { until } from './until.js';
import { saidBy } from './answers.js';

/** What a person answers, by question. */
const answers: Readonly<Record<string, string>> = {
  'Who is it for?': 'Ann',
  'Book it?': 'yes',
  'Shall I book it?': 'yes',
  'Close it?': 'closed',
};

interface Seen {
  readonly id: string;
  readonly state: string;
  readonly said: string | null;
  readonly question: string | null;
  readonly attempt: number;
  readonly asleep: boolean;
  readonly held: (Held & { readonly since: string }) | null;
}

export interface EditedTask extends Pair {
  readonly id: string;
  /** What its steps note. */
  readonly file: string;
}

/** How far a task has got. */
export type Settled = 'closes' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'held';

export class EditedTasks {
  readonly #answered = new Set<string>();

  private constructor(
    private readonly databaseUrl: string,
    private readonly gate: string,
    readonly all: readonly EditedTask[],
  ) {}

  /** Begins them all at `url`, and brings them to the place where the code will change. */
  static async begin(
    url: string,
    databaseUrl: string,
    directory: string,
    pairs: readonly Pair[],
  ): Promise<EditedTasks> {
    const gate = join(directory, 'gate');
    const all = await Promise.all(
      pairs.map(async (pair) => {
        const name = nameOf(pair.edit, pair.state);
        const file = join(directory, name);
        return { ...pair, file, id: await begin(url, name, { gate, file }) };
      }),
    );
    const tasks = new EditedTasks(databaseUrl, gate, all);
    await tasks.#toPlace(url);
    return tasks;
  }

  /** Lets steps and children come to their ends. */
  async open(): Promise<void> {
    await writeFile(this.gate, '');
  }

  /** The time of the sleeping ones has come. */
  async passTime(): Promise<void> {
    await runOn(
      this.databaseUrl,
      `WITH slept AS (UPDATE journal SET result = (extract(epoch FROM now()) * 1000)::bigint::text
                      WHERE kind = 'sleep' AND ended_at IS NULL RETURNING task_id)
       UPDATE tasks SET wakes_at = now() WHERE state = 'WORKING' AND id IN (SELECT task_id FROM slept)`,
    );
  }

  /**
   * Answers at `url` whatever is in `questions`, until each of `tasks` is settled: asks whether to close, has ended, or is
   * held since `heldSince`. Without that none is to stay held.
   */
  async settle(
    url: string,
    tasks: readonly EditedTask[],
    options: { readonly questions: readonly string[]; readonly heldSince?: string | undefined },
  ): Promise<ReadonlyMap<string, Settled>> {
    const { questions, heldSince } = options;
    const waits = tasks.map(({ id }) => id);
    let open: readonly string[] = waits;
    const look = async (): Promise<ReadonlyMap<string, Settled> | false> => {
      const seen = await this.#look();
      await this.#answer(url, seen, questions);
      const settled = new Map<string, Settled>();
      for (const id of waits) {
        const how = settledAs(seen.get(id), questions, heldSince);
        if (how !== undefined) settled.set(id, how);
      }
      open = waits.filter((id) => !settled.has(id));
      return open.length === 0 && settled;
    };
    try {
      return await until(look, { what: 'all tasks to be settled', timeoutMs: 90_000 });
    } catch (error) {
      const seen = await this.#look();
      const left = this.all.filter(({ id }) => open.includes(id));
      const told = left.map((task) => `${nameIn(task)}: ${JSON.stringify(seen.get(task.id))}`);
      throw new Error(`not settled:\n${told.join('\n')}`, { cause: error });
    }
  }

  /** Begins another attempt of each. */
  async retry(url: string, tasks: readonly EditedTask[]): Promise<void> {
    await Promise.all(
      tasks.map(async ({ edit, state, id }) => {
        const { status, body } = await call('POST', `${url}/tasks/${id}:retry`);
        if (status !== 200) throw new Error(`${edit}, ${state}: ${status} ${JSON.stringify(body)}`);
      }),
    );
  }

  /** What each of `tasks` is to its owner, and what its steps have noted, in alphabetical order. */
  async shown(url: string, tasks: readonly EditedTask[]): Promise<readonly (readonly [EditedTask, Shown])[]> {
    const seen = await this.#look();
    return Promise.all(tasks.map(async (task) => [task, await shownOf(url, task, seen.get(task.id)?.held)] as const));
  }

  of(...states: readonly State[]): readonly EditedTask[] {
    return this.all.filter(({ state }) => states.includes(state));
  }

  async #toPlace(url: string): Promise<void> {
    await until(
      async () => {
        const seen = await this.#look();
        await this.#answer(url, seen, ['Who is it for?']);
        const there = await Promise.all(this.all.map((task) => isAtPlace(task, seen.get(task.id))));
        return there.every(Boolean);
      },
      { what: 'all tasks to be where their code changes', timeoutMs: 120_000 },
    );
    await Promise.all(this.of('cancelled').map(({ id }) => call('POST', `${url}/tasks/${id}:cancel`)));
  }

  async #answer(url: string, seen: ReadonlyMap<string, Seen>, questions: readonly string[]): Promise<void> {
    await Promise.all(
      this.all.map(async ({ edit, state, id }) => {
        const task = seen.get(id);
        const text =
          task?.state === 'INPUT_REQUIRED' && questions.includes(task.said ?? '') && answers[task.said ?? ''];
        const asked = `${id} ${task?.question} ${task?.attempt}`;
        if (typeof text !== 'string' || this.#answered.has(asked)) return;
        this.#answered.add(asked);
        const body = { message: { taskId: id, parts: [{ text }] } };
        const { status } = await call('POST', `${url}/agents/test/${nameOf(edit, state)}/tasks`, { body });
        if (status >= 300) throw new Error(`${edit}, ${state}: the answer was refused with ${status}`);
      }),
    );
  }

  async #look(): Promise<ReadonlyMap<string, Seen>> {
    const rows = await runOn<Seen & Record<string, unknown>>(
      this.databaseUrl,
      `SELECT id, state, status_message->'parts'->0->>'text' AS said, status_message->>'messageId' AS question, attempt,
         wakes_at IS NOT NULL AS asleep, held
       FROM tasks WHERE parent_id IS NULL`,
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}

export interface Shown {
  readonly state: string;
  readonly said: string;
  readonly held: Held | undefined;
  readonly artifacts: readonly string[];
  readonly notes: readonly string[];
}

export function nameIn({ edit, state }: Pair): string {
  return `${edit}, ${state}`;
}

async function shownOf(
  url: string,
  { id, file, withNew, state }: EditedTask,
  held: Seen['held'] = null,
): Promise<Shown> {
  const { body } = await call('GET', `${url}/tasks/${id}`);
  const notes = (await notesOf(file)).toSorted();
  const all = (at(body, 'artifacts') ?? []) as readonly unknown[];
  const artifacts = all.filter((artifact) => at(artifact, 'name') !== 'answer');
  return {
    state: textAt(body, 'status', 'state').replace('TASK_STATE_', ''),
    said: saidBy(body),
    held: held === null ? undefined : { finished: held.finished, found: held.found },
    artifacts: artifacts.map((artifact) => `${textAt(artifact, 'name')}: ${textAt(artifact, 'parts', 0, 'text')}`),
    // The child of a task that fails is cancelled with it, before its step begins again or behind that.
    notes: withNew === 'fails' && state === 'calling' ? [...new Set(notes)] : notes,
  };
}

async function isAtPlace({ state, file }: EditedTask, seen: Seen | undefined): Promise<boolean> {
  switch (state) {
    case 'running':
      return (await notesOf(file)).includes('work old');
    case 'calling':
      return (await notesOf(file)).includes('slow-child');
    case 'sleeping':
      return seen?.asleep === true;
    case 'failed':
      return seen?.state === 'FAILED';
    default:
      return seen?.state === 'INPUT_REQUIRED' && ['Book it?', 'Shall I book it?'].includes(seen.said ?? '');
  }
}

/** `since`: from when on it counts that it is held; undefined if that never counts. */
function settledAs(
  seen: Seen | undefined,
  questions: readonly string[],
  since: string | undefined,
): Settled | undefined {
  if (seen?.state === 'COMPLETED' || seen?.state === 'FAILED' || seen?.state === 'CANCELED') return seen.state;
  if (seen?.state === 'INPUT_REQUIRED' && seen.said === 'Close it?' && !questions.includes('Close it?'))
    return 'closes';
  const isHeld = since !== undefined && seen?.state === 'WORKING' && seen.held !== null && seen.held.since >= since;
  return isHeld ? 'held' : undefined;
}

async function notesOf(file: string): Promise<readonly string[]> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return isThere ? (await readFile(file, 'utf8')).trimEnd().split('\n') : [];
}
