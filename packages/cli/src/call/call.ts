/** What `continuo call` does: sends a message, follows the task, and answers what it asks. */
import type { Message, Part, Task } from '@continuo/client';
import { isWaiting, stateOf } from '@continuo/client/facts';
import { agentNamed, agentsOf, keyOf } from '../remote/agents.js';
import { followToRest, presentOf, type Present } from '../remote/follow-to-rest.js';
import { ServerError, serverOf, type Server } from '../remote/server.js';
import { schemaOf } from '../remote/in-words.js';
import type { RemoteOptions } from '../commands/server-command.js';
import { CommandFailedError } from '../terminal/failure.js';
import { note, output } from '../terminal/output.js';
import { ask } from '../terminal/prompt.js';
import type { Terminal } from '../terminal/terminal.js';
import { askForAnswer } from './answer-form.js';
import { filePart, partsOf } from './parts.js';
import { exitCodeOf, tellRest } from './tell-rest.js';
import { Transcript } from './transcript.js';

/** The answer is not what is asked for. */
const REFUSED = 400;
/** The task asks no more, or something else. */
const NOT_ASKED = 409;

export interface CallOptions extends RemoteOptions {
  readonly session?: string;
  readonly data?: string;
  readonly file?: readonly string[];
  readonly task?: string;
  readonly detach?: boolean;
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
  const task = await say(server, agent, { parts, taskId: options.task }, { sessionId });
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
  { sessionId, question }: { readonly sessionId?: string | undefined; readonly question?: string | undefined },
): Promise<Task> {
  const [type = '', name = ''] = agent.split('/');
  return server.call('createTask', { path: { type, name }, body: { message, sessionId, question } });
}

/** The event with which a task asked what it waits for: what came before was told then, and what it asks is answered now. */
async function questionOf(server: Server, id: string): Promise<string | undefined> {
  const { task, last } = await presentOf(server, id);
  return isWaiting(stateOf(task)) ? last : undefined;
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
      let present = await this.#follow(after);
      while (isWaiting(stateOf(present.task)) && terminal.isInteractive && !this.#isQuiet) {
        await this.#answer(present.task.status.message);
        present = await this.#follow(present.last);
      }
      if (this.#isQuiet)
        await output(terminal, options, await server.call('getTask', { path: { id: task.id } }), () => '');
      else await tellRest(present.task, terminal);
      process.exitCode = exitCodeOf(present.task);
    } catch (error) {
      if (!this.#leaving.signal.aborted && !(error instanceof CommandFailedError && error.code === 130)) throw error;
      process.off('SIGINT', onSignal);
      await this.#leave();
    } finally {
      process.off('SIGINT', onSignal);
    }
  }

  /** Until it has ended or asks. Throws when it is left. */
  async #follow(after: string | undefined): Promise<Present> {
    const { server, task, terminal } = this.parts;
    const { dim } = terminal.errorColours;
    const present = await followToRest(server, task.id, {
      signal: this.#leaving.signal,
      after,
      show: async (event) => {
        if (!this.#isQuiet) await this.#transcript.add(event);
      },
      onLost: (lost) =>
        void note(terminal, dim(lost ? 'The connection is lost; trying again …' : 'The connection is back.')),
    });
    if (!this.#isQuiet) await this.#transcript.end();
    return present;
  }

  /** Asks until the server takes the answer, or somebody else has given one. */
  async #answer(question: Message | undefined): Promise<void> {
    const { server, agent, task, terminal } = this.parts;
    for (;;) {
      const part: Part = await askForAnswer(question, schemaOf(question), terminal);
      try {
        await say(server, agent, { taskId: task.id, parts: [part] }, { question: question?.messageId });
        return;
      } catch (error) {
        if (!(error instanceof ServerError) || ![REFUSED, NOT_ASKED].includes(error.status)) throw error;
        await note(terminal, terminal.errorColours.red(error.message));
        if (error.status === NOT_ASKED) return;
      }
    }
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
