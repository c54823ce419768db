/** `fromMastra`: an agent of Mastra as an agent of Continuo. */
import { TerminalError } from '../../platform/errors.js';
import { isObject } from '../../platform/json-object.js';
import { endsTheRun } from '../../runs/run.js';
import { ANSWER, streamedAnswerId } from '../../tasks/answer-artifact.js';
import { A2AAgentBaseService, type AgentAnswer } from '../a2a-agent-base.service.js';
import { currentRun } from '../run-scope.js';
import type { TaskContext } from '../task-context.js';
import { durableModel } from './durable-model.js';
import { fromHere } from './from-here.js';
import type { MastraAgent, MastraChunk, MastraOutput, MastraStreamOptions, OwnAgent } from './mastra/mastra-agent.js';
import { DurableMastraTools, type AskAnswer } from './mastra/mastra-tools.js';
import { sessionMemory } from './session-memory.js';
import { sessionPrompt } from './session-prompt.js';

/** An agent that one of Mastra answers for: what `fromMastra` makes. */
export interface MastraAgentBaseService extends A2AAgentBaseService {
  /** Does the task with the agent of Mastra. */
  execute(task: TaskContext): Promise<AgentAnswer>;
}

/** Options of the agent's `stream`, for every task: `maxSteps`, `structuredOutput`, `requireToolApproval` and others. */
export type MastraOptions = Readonly<Record<string, unknown>>;

/**
 * A base class for an agent of Mastra (`@mastra/core` 1.x, which needs Node.js 22): mark the class that extends it with
 * `@A2AAgent`.
 *
 * Durable: each call of the agent's model and of each of its tools is a step. After a crash, on whichever instance, those that
 * had finished are not repeated; the call that was under way is. The answer is streamed into the artifact `answer`; with
 * `structuredOutput` it is data. The session is the agent's memory: the model is shown its last 100 messages, as far as they
 * fit into some 64,000 tokens, and of files those that it reads. A tool with
 * `requireApproval` has a person asked, for as long as that takes, and what a tool suspends with is asked, too: the answer is its
 * `resumeData`. Tokens count into the task's usage and budgets.
 *
 * Not durable: what processors, sub-agents, workflows and the tools of memory and workspaces do in the agent's name. Of several
 * models the first is asked. An answer that its model breaks off in mid-stream fails the task.
 *
 * Throws TypeError for what isn't an agent of Mastra 1.x.
 *
 * @example
 * const agent = new Agent({ id: 'orders', name: 'Orders', instructions: 'You look up orders.', model: 'openai/gpt-5', tools: { lookUp } });
 *
 * @A2AAgent({ type: 'support', name: 'orders', version: '1.0.0', description: 'Answers questions about orders.' })
 * export class OrdersAgent extends fromMastra(agent) {}
 */
export function fromMastra(agent: MastraAgent, options: MastraOptions = {}): new () => MastraAgentBaseService {
  const own = checked(agent);
  return class extends A2AAgentBaseService {
    async execute(task: TaskContext): Promise<AgentAnswer> {
      return new MastraRun(own, task, options).answer();
    }
  };
}

function checked(agent: unknown): OwnAgent {
  const expected = ['getModel', 'listTools', 'getDefaultOptions', 'stream'] as const;
  if (!isObject(agent) || expected.some((name) => typeof agent[name] !== 'function')) {
    throw new TypeError('fromMastra: expected an Agent of @mastra/core 1.x');
  }
  return agent as unknown as OwnAgent;
}

class MastraRun {
  readonly #stop = new AbortController();
  readonly #here = fromHere();
  /** What Mastra would tell the model of, or hide. */
  readonly #failures: unknown[] = [];

  constructor(
    private readonly agent: OwnAgent,
    private readonly task: TaskContext,
    private readonly options: MastraOptions,
  ) {}

  async answer(): Promise<AgentAnswer> {
    const { agent, task } = this;
    const settings: MastraStreamOptions = { ...(await agent.getDefaultOptions()), ...this.options };
    const messages = sessionPrompt(await sessionMemory(task), task.parts, await agent.getModel());
    const output = await agent.stream(messages, { ...settings, ...(await this.#durable(settings)) });
    if (settings.structuredOutput === undefined) return this.#text(output);
    await this.#read(output, () => Promise.resolve());
    const data = await output.object;
    if (data === undefined) throw new TerminalError('The agent ended without an answer that fits its schema.');
    return [{ data }];
  }

  /** The options by which calls are steps. */
  async #durable({ requireToolApproval, modelSettings }: MastraStreamOptions): Promise<MastraStreamOptions> {
    const { agent, task } = this;
    const step: TaskContext['step'] = (name, work, options) =>
      this.#noting(() => task.step(name, work, options), name === 'model' ? () => true : endsTheRun);
    // A run that asks is over. What Mastra has begun would wait for ever.
    const over = new Promise<never>((_, reject) =>
      currentRun()?.whenOver?.(() => reject(new Error('The run is over.'))),
    );
    over.catch(() => undefined);
    const ask: AskAnswer = (question, options) =>
      this.#noting(
        () => Promise.race([task.requestInput(question, options), over]),
        () => true,
      );
    const asking = { agent: task.agent, step, ask };
    const tools = new DurableMastraTools(await agent.listTools(), asking, requireToolApproval);
    return {
      model: durableModel(await agent.getModel(), asking, (name) => tools.isTold(name)),
      toolsets: { continuo: tools.durable },
      requireToolApproval: false,
      ...(tools.mayAsk ? { toolCallConcurrency: 1 } : {}),
      disableBackgroundTasks: true,
      // Trying again is the step's.
      modelSettings: { ...modelSettings, maxRetries: 0 },
      abortSignal: AbortSignal.any([task.signal, this.#stop.signal]),
    };
  }

  /** Mastra goes on behind what fails in it: what ends the task, or its run, ends the stream, and is thrown when that has ended. */
  async #noting<Result>(begin: () => Promise<Result>, isFatal: (error: unknown) => boolean): Promise<Result> {
    try {
      return await this.#here(begin);
    } catch (error) {
      if (isFatal(error)) this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    this.#failures.push(error);
    this.#stop.abort();
  }

  async #text(output: MastraOutput): Promise<string> {
    const artifact = this.task.stream({ artifactId: streamedAnswerId(this.task.id), name: ANSWER });
    let text = '';
    await this.#read(output, async (piece) => {
      text += piece;
      if (piece !== '') await artifact.write(piece);
    });
    if (text === '') throw new TerminalError('The agent ended without an answer.');
    await artifact.end();
    return text;
  }

  /** Until the agent has ended. */
  async #read({ fullStream }: MastraOutput, write: (piece: string) => Promise<void>): Promise<void> {
    for await (const chunk of fullStream) {
      const reason = this.#failures.length === 0 ? failureIn(chunk) : undefined;
      if (reason !== undefined) this.#fail(reason);
      const text = chunk.type === 'text-delta' ? chunk.payload?.['text'] : undefined;
      if (typeof text !== 'string' || this.#failures.length > 0) continue;
      await write(text).catch((error: unknown) => this.#fail(error));
    }
    this.task.signal.throwIfAborted();
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

function failureIn({ type, payload = {} }: MastraChunk): unknown {
  if (type === 'error') return payload['error'];
  if (type === 'tripwire') return new TerminalError(`A processor of the agent ended it: ${String(payload['reason'])}`);
  // A tool's own is asked as a question.
  if (type !== 'tool-call-approval' && type !== 'tool-call-suspended') return undefined;
  return new TerminalError(
    `${String(payload['toolName'])} wants to ask a person, which only the agent's own tools can.`,
  );
}
