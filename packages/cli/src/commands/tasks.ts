/** What `continuo tasks` does. */
import type { StreamResponse, Task, TaskListQuery } from '@continuo/client';
import { agentOf, createdAt, hasEnded, progressOf, stateOf } from '@continuo/client/facts';
import { exitCodeOf, tellRest } from '../call/tell-rest.js';
import { followToRest, presentOf } from '../remote/follow-to-rest.js';
import { ServerError, serverOf } from '../remote/server.js';
import { CommandFailedError } from '../terminal/failure.js';
import { failureInWords, heldInWords, partsText } from '../remote/in-words.js';
import { output } from '../terminal/output.js';
import { painted, stateInWords } from '../terminal/states.js';
import { oneLine, printable, printableJson } from '../terminal/printable.js';
import { confirmed } from '../terminal/prompt.js';
import { facts, table } from '../terminal/table.js';
import { write, type Terminal } from '../terminal/terminal.js';
import { ago, span } from '../terminal/times.js';
import { allPages } from '../remote/all-pages.js';
import { Transcript } from '../call/transcript.js';
import type { RemoteOptions } from './server-command.js';

interface ListOptions extends RemoteOptions {
  readonly agent?: string;
  readonly state?: string;
  readonly session?: string;
  readonly held?: boolean;
  readonly topLevel?: boolean;
  readonly query?: string;
  readonly limit: number;
}

export async function listTasks(options: ListOptions, terminal: Terminal): Promise<void> {
  const { agent, state, session, held, topLevel, query, limit } = options;
  const filters = {
    agent,
    state: state?.toUpperCase().replaceAll('-', '_'),
    contextId: session,
    held: held === true ? true : undefined,
    topLevel: topLevel === true ? true : undefined,
    q: query,
    historyLength: 0,
  };
  const server = serverOf(options, terminal.env);
  const tasks = await allPages('tasks', limit, (page) =>
    server.call('listTasks', { query: { ...filters, ...page } as TaskListQuery }),
  );
  await output(terminal, options, { tasks }, () => {
    if (tasks.length === 0) return 'No tasks.';
    const { colours } = terminal;
    return table(
      tasks,
      [
        { title: 'Task', cell: ({ id }) => id },
        { title: 'Agent', cell: agentOf, paint: colours.bold },
        {
          title: 'State',
          cell: (task) => stateInWords(shownState(task)),
          paint: (text, task) => painted(shownState(task), text, colours),
        },
        { title: 'Done', cell: doneOf, right: true },
        { title: 'Changed', cell: ({ status }) => ago(status.timestamp), paint: colours.dim },
        { title: 'About', cell: aboutOf, cut: true },
      ],
      terminal,
    );
  });
}

export async function showTask(id: string, options: RemoteOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const [task, { steps }] = await Promise.all([
    server.call('getTask', { path: { id } }),
    server.call('listSteps', { path: { id } }),
  ]);
  await output(terminal, options, { task, steps }, () => {
    const { colours } = terminal;
    const state = shownState(task);
    const { stage, parentTaskId } = progressOf(task);
    const head = facts(
      [
        ['task', task.id],
        ['agent', agentOf(task), colours.bold],
        ['state', stateInWords(state), (text) => painted(state, text, colours)],
        ['stage', hasEnded(stateOf(task)) ? undefined : stage],
        ['done', doneOf(task)],
        ['session', task.contextId],
        ['parent', parentTaskId],
        ['started', ago(createdAt(task)?.toISOString())],
        ['changed', ago(task.status.timestamp)],
        ['held', heldInWords(task)],
        ['error', failureInWords(task)],
        ['said', partsText(task.status.message?.parts)],
      ],
      terminal,
    );
    const asked = (task.history ?? [])
      .filter(({ role }) => role === 'ROLE_USER')
      .map(({ parts }) => printable(partsText(parts)));
    const made = (task.artifacts ?? []).map(
      ({ name, artifactId, parts }) =>
        `${colours.dim(`── ${oneLine(name ?? artifactId)}`)}\n${printable(partsText(parts))}`,
    );
    const done = steps.map(({ name, failed, startedAt, endedAt }) => {
      const took =
        startedAt === null || endedAt === null ? '' : span((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000);
      return `${failed ? colours.red('✗') : colours.green('✓')} ${oneLine(name)} ${colours.dim(took)}`;
    });
    const section = (title: string, lines: readonly string[]): readonly string[] =>
      lines.length === 0 ? [] : ['', colours.bold(title), ...lines];
    return [head, ...section('Asked', asked), ...section('Steps', done), ...section('Made', made)].join('\n');
  });
}

/** With `--json` each event is a line. Exit code: as of `continuo call`. */
export async function watchTask(id: string, options: RemoteOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const isQuiet = options.json === true;
  const watching = new AbortController();
  process.once('SIGINT', () => watching.abort());
  const transcript = new Transcript(terminal);
  const show = (event: StreamResponse): Promise<void> =>
    isQuiet ? write(terminal.stdout, `${printableJson(event)}\n`) : transcript.add(event);
  try {
    const { task } = await followToRest(server, id, { signal: watching.signal, show });
    if (!isQuiet) {
      await transcript.end();
      await tellRest(task, terminal);
    }
    process.exitCode = exitCodeOf(task);
  } catch (error) {
    if (!watching.signal.aborted) throw error;
    await transcript.end();
    process.exitCode = 130;
  }
}

/** One that is refused keeps nobody from the others. */
export async function cancelTasks(ids: readonly string[], options: RemoteOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const tasks: Task[] = [];
  const failures: CommandFailedError[] = [];
  for (const id of ids) {
    try {
      tasks.push(await server.call('cancelTask', { path: { id } }));
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      failures.push(error);
      // Nobody answers: the others would fail, too.
      if (!(error instanceof ServerError)) break;
    }
  }
  if (tasks.length > 0 || failures.length === 0) {
    await output(terminal, options, { tasks }, () => tasks.map(({ id }) => `Task ${id} is cancelled.`).join('\n'));
  }
  if (failures.length > 0) throw new CommandFailedError(failures.map(({ message }) => message).join('\n'));
}

export async function retryTask(id: string, options: RemoteOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const task = await server.call('retryTask', { path: { id } });
  await output(terminal, options, task, ({ id: next }) => `A new attempt of task ${next} runs.`);
}

export async function deleteTask(
  id: string,
  options: RemoteOptions & { readonly yes?: boolean },
  terminal: Terminal,
): Promise<void> {
  const server = serverOf(options, terminal.env);
  const { task } = await presentOf(server, id);
  await confirmed(`Delete task ${id} of ${agentOf(task)}, with what it called, for ever?`, options, terminal);
  await server.call('deleteTask', { path: { id } });
  await output(terminal, options, { deleted: id }, () => `Task ${id} is deleted.`);
}

function shownState(task: Task): string {
  return heldInWords(task) === undefined ? stateOf(task) : 'HELD';
}

function doneOf(task: Task): string {
  const state = stateOf(task);
  if (state === 'COMPLETED') return '100 %';
  return hasEnded(state) ? '' : `${Math.floor(progressOf(task).fraction * 100)} %`;
}

function aboutOf(task: Task): string {
  const { title, stage } = progressOf(task);
  return heldInWords(task) ?? failureInWords(task) ?? ([title, stage].filter((text) => text !== '').join(' · ') || '');
}
