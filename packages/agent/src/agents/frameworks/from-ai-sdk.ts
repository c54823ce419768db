/** `fromAISDK`: an agent of the AI SDK as an agent of Continuo. */
import type { ModelMessage, ToolLoopAgent, ToolLoopAgentSettings, ToolSet } from 'ai';
import { TerminalError } from '../../platform/errors.js';
import { isObject } from '../../platform/json-object.js';
import { ANSWER, streamedAnswerId } from '../../tasks/answer-artifact.js';
import { A2AAgentBaseService, type AgentAnswer } from '../a2a-agent-base.service.js';
import type { LanguageModel } from '../models/language-model.js';
import type { TaskContext } from '../task-context.js';
import { askAllowed } from './ask-allowed.js';
import { durableModel } from './durable-model.js';
import { durableTools, isTold } from './durable-tools.js';
import { stepsFromHere } from './from-here.js';
import { sessionMemory } from './session-memory.js';
import { sessionPrompt } from './session-prompt.js';

/** What is looked at of a `ToolLoopAgent`, whatever its tools are. */
export type AISDKAgent = Pick<ToolLoopAgent<never, ToolSet>, 'version' | 'tools'>;

/** An agent that one of the AI SDK answers for: what `fromAISDK` makes. */
export interface AISDKAgentBaseService extends A2AAgentBaseService {
  /** Does the task with the agent of the AI SDK. */
  execute(task: TaskContext): Promise<AgentAnswer>;
}

/**
 * A base class for an agent of the AI SDK, a `ToolLoopAgent`: mark the class that extends it with `@A2AAgent`.
 *
 * Durable: each call of the model and of each tool is a step. After a crash, on whichever instance, those that had finished
 * are not repeated; the call that was under way is. The answer is streamed into the artifact `answer`. The session is the
 * agent's memory: the model is shown its last 100 messages, as far as they fit
 * into some 64,000 tokens, and of files those that it reads. A tool with `needsApproval` has a person asked, for as long as
 * that takes; what is clearly a yes ("yes", "ok", "approve") lets it run, and any other answer is told to the model. Tokens count into the task's usage and
 * budgets.
 *
 * Not durable: what `prepareStep`, `prepareCall` and `stopWhen` keep outside of their arguments, and what a tool that yields
 * several results has yielded before the last. An answer that its model breaks off in mid-stream fails the task.
 *
 * Throws TypeError for what isn't a ToolLoopAgent of the AI SDK 6, and for one whose model is named by a text: give it the
 * provider's model.
 *
 * @example
 * const agent = new ToolLoopAgent({ model: openai('gpt-5'), instructions: 'You look up orders.', tools: { lookUp } });
 *
 * @A2AAgent({ type: 'support', name: 'orders', version: '1.0.0', description: 'Answers questions about orders.' })
 * export class OrdersAgent extends fromAISDK(agent) {}
 */
export function fromAISDK(agent: AISDKAgent): new () => AISDKAgentBaseService {
  const settings = settingsOf(agent);
  return class extends A2AAgentBaseService {
    async execute(task: TaskContext): Promise<AgentAnswer> {
      const { ToolLoopAgent: Loop } = await import('ai');
      const steps = stepsFromHere(task);
      const { tools = {} } = settings;
      const durable = new Loop({
        ...settings,
        model: durableModel(settings.model, steps, (name) => isTold(tools, name)),
        tools: durableTools(tools, steps),
        // Trying again is the step's.
        maxRetries: 0,
      });
      const history = await sessionMemory(task);
      return answerOf(task, durable, sessionPrompt(history, task.parts, settings.model));
    }
  };
}

type Settings = ToolLoopAgentSettings<never, ToolSet> & { readonly model: LanguageModel };

/** The SDK has no other way to a loop that takes its model from a task. */
function settingsOf(agent: unknown): Settings {
  const settings = isObject(agent) ? agent['settings'] : undefined;
  if (!isObject(settings) || !('model' in settings)) {
    throw new TypeError('fromAISDK: expected a ToolLoopAgent of the AI SDK 6');
  }
  const { model } = settings;
  if (!isObject(model) || model['specificationVersion'] !== 'v3') {
    throw new TypeError(`fromAISDK: expected a provider's model, as openai('gpt-5'), got ${JSON.stringify(model)}`);
  }
  return settings as unknown as Settings;
}

async function answerOf(
  task: TaskContext,
  agent: ToolLoopAgent<never, ToolSet>,
  messages: ModelMessage[],
): Promise<string> {
  const artifact = task.stream({ artifactId: streamedAnswerId(task.id), name: ANSWER });
  let text = '';
  const write = async (piece: string): Promise<void> => {
    text += piece;
    if (piece !== '') await artifact.write(piece);
  };
  for (;;) {
    const { asked, said } = await turn(task, agent, messages, write);
    if (asked.length === 0) break;
    messages.push(...said, await approvals(task, asked));
  }
  if (text === '') throw new TerminalError('The agent ended without an answer.');
  await artifact.end();
  return text;
}

/** Until the agent has ended, or wants tools that a person has to allow. */
async function turn(
  task: TaskContext,
  agent: ToolLoopAgent<never, ToolSet>,
  messages: ModelMessage[],
  write: (piece: string) => Promise<void>,
): Promise<{ readonly asked: readonly Asked[]; readonly said: readonly ModelMessage[] }> {
  const stop = new AbortController();
  const result = await agent.stream({ messages, abortSignal: AbortSignal.any([task.signal, stop.signal]) });
  const asked: Asked[] = [];
  const failures: unknown[] = [];
  for await (const part of result.fullStream) {
    if (part.type === 'error') failures.push(part.error);
    if (part.type === 'tool-approval-request') asked.push({ id: part.approvalId, ...part.toolCall });
    if (part.type !== 'text-delta' || failures.length > 0) continue;
    // Leaving the loop would wait for ever: the SDK reads the same stream for itself.
    await write(part.text).catch((error: unknown) => {
      failures.push(error);
      stop.abort();
    });
  }
  task.signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return { asked, said: (await result.response).messages };
}

interface Asked {
  readonly id: string;
  readonly toolName: string;
  readonly input: unknown;
}

async function approvals(task: TaskContext, asked: readonly Asked[]): Promise<ModelMessage> {
  const content: { type: 'tool-approval-response'; approvalId: string; approved: boolean; reason?: string }[] = [];
  const asking = { agent: task.agent, ask: (question: string) => task.requestInput(question) };
  for (const { id, toolName, input } of asked) {
    const { allowed: approved, said } = await askAllowed(asking, toolName, input);
    content.push({ type: 'tool-approval-response', approvalId: id, approved, ...(approved ? {} : { reason: said }) });
  }
  return { role: 'tool', content };
}
