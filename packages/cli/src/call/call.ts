/** What `continuo call` does: sends a message, follows the task, and answers what it asks. */
import type { Message, Part, Task } from '@continuo/client';
import { hasEnded, isWaiting, toState, type TaskState } from '@continuo/client/facts';
import { agentNamed, agentsOf, keyOf } from '../remote/agents.js';
import { followTask } from '../remote/follow.js';
import { ServerError, serverOf, type Server } from '../remote/server.js';
import { failureInWords, partsText, schemaOf } from '../remote/in-words.js';
import type { RemoteOptions } from '../commands/server-command.js';
import { CommandFailedError } from '../terminal/failure.js';
import { note, output } from '../terminal/output.js';
import { ask } from '../terminal/prompt.js';
import { printable } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { askForAnswer } from './answer-form.js';
import { filePart, partsOf } from './parts.js';
import { Transcript } from './transcript.js';

export interface CallOptions extends RemoteOptions {
  readonly session?: string;
  readonly data?: string;
  readonly file?: readonly string[];
  readonly task?: string;
  readonly detach?: boolean;
}

interface Followed {
  readonly state: TaskState;
  readonly question: Message | undefined;
  readonly metadata: Task['metadata'];
  /** The last event that was seen. */
  readonly last: string | undefined;
}

export async function call(given: string, text: string, options: CallOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const agent = keyOf(agentNamed(given, await agentsOf(server)));
  const parts = [...partsOf(text, options.data)];
  const files = options.file ?? [];
  if (parts.length === 0 && files.length === 0)
    throw new CommandFailedError('What is it to be asked? Say it in words, with --data or with --file.');
  let sessionId = options.session === 'new' ? await newSession(server, terminal) : options.session;
  for (const path of files) {
    const { part, session } = await filePart(server, path, sessionId);
    sessionId ??= session;
    parts.push(part);
  }
  const after = options.task === undefined ? undefined : await questionOf(server, options.task);
  const task = await say(server, agent, { parts, taskId: options.task }, sessionId);
  if (options.detach === true) {
    await output(terminal, options, task, ({ id }) => id);
    return;
  }
  await new Conversation({ server, agent, task, after, options, terminal }).run();
}

/** Begins a task, or answers one that asks. */
function say(
  server: Server,
  agent: string,
  message: { readonly parts: readonly Part[]; readonly taskId: string | undefined },
  sessionId?: string,
): Promise<Task> {
  const [type = '', name = ''] = agent.split('/');
  return server.call('createTask', { path: { type, name }, body: { message, sessionId } });
}

/** The event with which a task asked what it waits for: what came before was told then, and what it asks is answered now. */
async function questionOf(server: Server, id: string): Promise<string | undefined> {
  const { client } = server;
  // The state alone, however much the task has said and made.
  const url = client.urlOf('getTask', { path: { id }, query: { historyLength: 0, includeArtifacts: false } });
  const response = await server.told(client.fetch(url));
  const { status } = (await response.json()) as Task;
  return isWaiting(toState(status.state)) ? (response.headers.get('last-event-id') ?? undefined) : undefined;
}

interface ConversationParts {
  readonly server: Server;
  /** `type/name`. */
  readonly agent: string;
  readonly task: Task;
  /** The event behind which it is followed; undefined: from its beginning. */
  readonly after: string | undefined;
  readonly options: CallOptions;
  readonly terminal: Terminal;
}

class Conversation {
  readonly #transcript: Transcript;
  readonly #leaving = new AbortController();
  readonly #isQuiet: boolean;

  constructor(private readonly parts: ConversationParts) {
    this.#transcript = new Transcript(parts.terminal);
    this.#isQuiet = parts.options.json === true;
  }

  async run(): Promise<void> {
    const { terminal, task, after, options, server } = this.parts;
    const onSignal = (): void => this.#leaving.abort();
    process.on('SIGINT', onSignal);
    try {
      let followed = await this.#follow(after);
      while (isWaiting(followed.state) && terminal.isInteractive && !this.#isQuiet) {
        await this.#answer(followed.question);
        followed = await this.#follow(followed.last);
      }
      const { state, question, metadata } = followed;
      if (this.#isQuiet)
        await output(terminal, options, await server.call('getTask', { path: { id: task.id } }), () => '');
      else if (isWaiting(state)) await this.#tellQuestion(question);
      else if (state !== 'COMPLETED') await this.#tellEnd(state, metadata, question);
      process.exitCode = state === 'COMPLETED' ? 0 : isWaiting(state) ? 3 : 1;
    } catch (error) {
      if (!this.#leaving.signal.aborted && !(error instanceof CommandFailedError && error.code === 130)) throw error;
      process.off('SIGINT', onSignal);
      await this.#leave();
    } finally {
      process.off('SIGINT', onSignal);
    }
  }

  /** Until it ends or asks. Throws when it is left. */
  async #follow(after: string | undefined): Promise<Followed> {
    const { server, task, terminal } = this.parts;
    const { signal } = this.#leaving;
    let state: TaskState = 'SUBMITTED';
    let last = after;
    let question: Message | undefined;
    let metadata: Task['metadata'];
    const events = followTask(server, task.id, {
      signal,
      after,
      onLost: (lost) =>
        void note(
          terminal,
          terminal.errorColours.dim(lost ? 'The connection is lost; trying again …' : 'The connection is back.'),
        ),
    });
    for await (const { id, event } of events) {
      last = id;
      const status = event.task?.status ?? event.statusUpdate?.status;
      if (status !== undefined) {
        state = toState(status.state);
        question = status.message;
        metadata = event.task?.metadata ?? event.statusUpdate?.metadata;
      }
      if (!this.#isQuiet) await this.#transcript.add(event);
      if (hasEnded(state) || isWaiting(state)) break;
    }
    if (!this.#isQuiet) await this.#transcript.end();
    signal.throwIfAborted();
    return { state, question, metadata, last };
  }

  /** Asks until the server takes the answer. */
  async #answer(question: Message | undefined): Promise<void> {
    const { server, agent, task, terminal } = this.parts;
    for (;;) {
      const part: Part = await askForAnswer(question, schemaOf(question), terminal);
      try {
        await say(server, agent, { taskId: task.id, parts: [part] });
        return;
      } catch (error) {
        if (!(error instanceof ServerError) || error.status !== 400) throw error;
        await note(terminal, terminal.errorColours.red(error.message));
      }
    }
  }

  async #tellQuestion(question: Message | undefined): Promise<void> {
    const { terminal, task, agent } = this.parts;
    await note(terminal, `${terminal.errorColours.yellow('?')} ${printable(partsText(question?.parts))}`);
    await note(terminal, `It waits for an answer: continuo call ${agent} --task ${task.id} "…"`);
  }

  async #tellEnd(state: TaskState, metadata: Task['metadata'], said: Message | undefined): Promise<void> {
    const { terminal, task } = this.parts;
    const why = failureInWords({ metadata }) ?? partsText(said?.parts);
    const how = state === 'CANCELED' ? 'was cancelled' : state === 'REJECTED' ? 'was rejected' : 'failed';
    await note(
      terminal,
      `${terminal.errorColours.red('✗')} Task ${task.id} ${how}${why === '' ? '.' : `: ${printable(why)}`}`,
    );
  }

  /** Whoever leaves may take the task along. */
  async #leave(): Promise<void> {
    const { terminal, task, server } = this.parts;
    await this.#transcript.end();
    process.exitCode = 130;
    const goesOn = `Task ${task.id} goes on: continuo tasks watch ${task.id}`;
    if (!terminal.isInteractive || this.#isQuiet) {
      await note(terminal, goesOn);
      return;
    }
    const answer = await ask('\nCancel the task? [y/N] ', terminal).catch(() => '');
    if (/^y(es)?$/i.test(answer)) {
      await server.call('cancelTask', { path: { id: task.id } });
      await note(terminal, `Task ${task.id} is cancelled.`);
    } else await note(terminal, goesOn);
  }
}

async function newSession(server: Server, terminal: Terminal): Promise<string> {
  const { id } = await server.call('createSession', { body: {} });
  await note(terminal, terminal.errorColours.dim(`session ${id}`));
  return id;
}
