/** What LangChain tells of a graph that runs: nodes that begin, and calls of models, which are counted and may be refused. */
import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { LLMResult } from '@langchain/core/outputs';
import { mayAsk, noteSpent } from '../../models/spent.js';
import type { TokenUsage } from '../../spending.js';

type Metadata = Readonly<Record<string, unknown>>;

/** A task of the graph, as LangGraph calls the one execution of a node. */
export interface NodeTask {
  readonly id: string;
  readonly name: string;
  /** It is one of the graph itself, not of a graph within a node. */
  readonly isOuter: boolean;
}

export interface GraphListener {
  /** A node begins; it does when this resolves. */
  readonly begins: (node: NodeTask) => Promise<void>;
  /** Does `work` in the name of the node. */
  readonly within: <Result>(node: string | undefined, work: () => Result) => Result;
}

interface Asked {
  readonly node: string | undefined;
  readonly provider: string;
  readonly modelId: string;
  readonly startedAt: string | undefined;
  readonly prompt: () => unknown;
}

export class GraphCallbacks extends BaseCallbackHandler {
  readonly name = 'continuo';
  override awaitHandlers = true;
  override raiseError = true;
  readonly #asked = new Map<string, Asked>();

  constructor(private readonly listener: GraphListener) {
    super();
  }

  override async handleChainStart(
    ...[, , , , tags = [], metadata]: Parameters<NonNullable<BaseCallbackHandler['handleChainStart']>>
  ): Promise<void> {
    const isTask = tags.some((tag) => tag.startsWith('graph:step:')) && !tags.includes('langsmith:hidden');
    const node = isTask ? nodeIn(metadata) : undefined;
    if (node !== undefined) await this.listener.begins(node);
  }

  override async handleChatModelStart(
    ...[, messages, run, , , , metadata = {}]: Parameters<NonNullable<BaseCallbackHandler['handleChatModelStart']>>
  ): Promise<void> {
    await this.#begins(run, metadata, () => messages.flat().map(inWords));
  }

  override async handleLLMStart(
    ...[, prompts, run, , , , metadata = {}]: Parameters<NonNullable<BaseCallbackHandler['handleLLMStart']>>
  ): Promise<void> {
    await this.#begins(run, metadata, () => prompts);
  }

  override handleLLMEnd(output: LLMResult, run: string): void {
    const asked = this.#asked.get(run);
    this.#asked.delete(run);
    const [generation] = output.generations.at(-1) ?? [];
    const message = generation !== undefined && 'message' in generation ? generation.message : undefined;
    if (asked === undefined || !AIMessage.isInstance(message)) return;
    const { node, startedAt, prompt } = asked;
    const reason: unknown = message.response_metadata['finish_reason'];
    const finishReason = typeof reason === 'string' ? reason : undefined;
    this.listener.within(node, () => noteSpent(asked, tokensOf(message), { startedAt, finishReason, prompt }));
  }

  override handleLLMError(_error: unknown, run: string): void {
    this.#asked.delete(run);
  }

  async #begins(run: string, metadata: Metadata, prompt: () => unknown): Promise<void> {
    const node = nodeIn(metadata)?.id;
    const startedAt = await this.listener.within(node, mayAsk);
    this.#asked.set(run, { node, ...modelIn(metadata), startedAt, prompt });
  }
}

/** Of a namespace as `outer:id|inner:id`, the innermost. */
export function nodeIn(metadata: Metadata = {}): NodeTask | undefined {
  const path: unknown = metadata['langgraph_checkpoint_ns'];
  if (typeof path !== 'string' || path === '') return undefined;
  const segments = path.split('|').filter((segment) => segment.includes(':'));
  const [name, id] = /^(.*):([^:]*)$/.exec(segments.at(-1) ?? '')?.slice(1) ?? [];
  return name === undefined || id === undefined ? undefined : { id, name, isOuter: segments.length === 1 };
}

/** LangChain's names of providers where ours are others. */
const PROVIDERS: Readonly<Record<string, string>> = {
  google_genai: 'google',
  google_vertexai: 'google',
  vertexai: 'google',
};

function modelIn(metadata: Metadata): { readonly provider: string; readonly modelId: string } {
  const { ls_provider: provider, ls_model_name: model } = metadata;
  const named = typeof provider === 'string' ? provider : 'unknown';
  return { provider: PROVIDERS[named] ?? named, modelId: typeof model === 'string' ? model : 'unknown' };
}

function inWords(message: BaseMessage): unknown {
  return { role: message.getType(), content: message.content };
}

function tokensOf({ usage_metadata: usage }: AIMessage): TokenUsage {
  if (usage === undefined) return {};
  const tokens = {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    totalTokens: usage.total_tokens,
    cachedInputTokens: usage.input_token_details?.cache_read || undefined,
    cacheWriteTokens: usage.input_token_details?.cache_creation || undefined,
    reasoningTokens: usage.output_token_details?.reasoning || undefined,
  };
  return Object.fromEntries(Object.entries(tokens).filter(([, count]) => count !== undefined));
}
