/** Puts odd items into a session by way of the HTTP API, as a client would. */
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { call, textAt } from './http-calls.js';
import type { Reply } from './model-reply.js';
import type { Talk } from './odd-items.js';
import { ACTOR, agentOf, type Act, type StrictAgents } from './strict-agents.js';
import type { StrictKind } from './strict-providers/strict-provider.js';
import { until } from './until.js';

let talks = 0;

export class SessionTalk implements Talk {
  /** Undefined until something was said. */
  sessionId: string | undefined;
  #begun = '';
  readonly #number = (talks += 1);
  #said = 0;

  constructor(
    private readonly agents: StrictAgents,
    /** Whose model is spoken to. */
    public kind: StrictKind,
  ) {}

  async say(parts: readonly Part[] | string, ...replies: readonly Reply[]): Promise<string> {
    return stateOf(await this.#send(agentOf(this.kind), this.#marked(parts, replies)));
  }

  /** With a mark by which the model knows what to do. */
  #marked(parts: readonly Part[] | string, replies: readonly Reply[]): readonly Part[] {
    this.#said += 1;
    const mark = `#${this.#number}.${this.#said}#`;
    this.agents.script(mark, replies);
    return typeof parts === 'string' ? [{ text: `${parts} ${mark}` }] : [...parts, { text: mark }];
  }

  async act(act: Act, parts: readonly Part[] = []): Promise<string> {
    return stateOf(await this.#send(ACTOR, [{ data: act }, ...parts]));
  }

  async cancel(reply: Reply): Promise<void> {
    await this.begin(reply);
    await this.end();
  }

  /** Begins a turn in which the model says or wants this; it has been heard of. */
  async begin(reply: Reply): Promise<void> {
    const { id } = await this.#send(agentOf(this.kind), this.#marked('Work', [reply]), false);
    const hasBegun = () => (reply.kind === 'calls' ? this.#hasCalled(id) : this.#hasSaid(id));
    await until(hasBegun, { what: 'the model to have begun' });
    this.#begun = id;
  }

  /** Cancels the turn that was begun. */
  async end(): Promise<void> {
    await call('POST', `${this.agents.url}/tasks/${this.#begun}:cancel`);
  }

  async fork(): Promise<void> {
    const { body } = await call('POST', `${this.agents.url}/sessions/${this.sessionId}:fork`, { body: {} });
    this.sessionId = textAt(body, 'id');
  }

  async #hasSaid(id: string): Promise<boolean> {
    const { artifacts = [] } = (await this.#get(`/tasks/${id}`)) as Task;
    return artifacts.length > 0;
  }

  async #hasCalled(id: string): Promise<boolean> {
    const { messages } = (await this.#get(`/sessions/${this.sessionId}/messages?pageSize=100`)) as {
      readonly messages: readonly { readonly message: Message }[];
    };
    return messages.some(({ message }) => message.taskId === id && message.role === 'ROLE_AGENT');
  }

  async #get(path: string): Promise<unknown> {
    return (await call('GET', `${this.agents.url}${path}`)).body;
  }

  async #send(agent: string, parts: readonly Part[], wait = true): Promise<Task> {
    const { status, body } = await call('POST', `${this.agents.url}/agents/${agent}/tasks`, {
      body: { message: { parts }, wait, sessionId: this.sessionId },
    });
    if (status >= 300) throw new Error(`refused: ${JSON.stringify(body)}`);
    const task = body as Task;
    this.sessionId = task.contextId;
    return task;
  }
}

function stateOf({ status }: Task): string {
  const said = status.message?.parts.map(({ text }) => text).join(' ') ?? '';
  return `${status.state.replace('TASK_STATE_', '')}${said === '' ? '' : `: ${said}`}`;
}
