/** What is used of Mastra, as its 1.x has it; its own types ask for Node.js 22 and would be a dependency. */
import type { ModelMessage } from 'ai';
import type { LanguageModel } from '../../models/language-model.js';

/** An `Agent` of `@mastra/core`: what is used of it. */
export interface MastraAgent {
  /** Its model, resolved. */
  readonly getModel: (...given: never[]) => unknown;
  /** Its own tools, by their names. */
  readonly listTools: (...given: never[]) => unknown;
  /** The options of its `stream` that it was made with. */
  readonly getDefaultOptions: (...given: never[]) => unknown;
  /** Runs it. */
  readonly stream: (...given: never[]) => unknown;
}

export interface OwnAgent {
  getModel(): LanguageModel | Promise<LanguageModel>;
  listTools(): MastraTools | Promise<MastraTools>;
  getDefaultOptions(): MastraStreamOptions | Promise<MastraStreamOptions>;
  stream(messages: readonly ModelMessage[], options: MastraStreamOptions): Promise<MastraOutput>;
}

/** Options of an agent's `stream`: those that are looked at, beside any other. */
export interface MastraStreamOptions {
  readonly modelSettings?: Readonly<Record<string, unknown>>;
  /** Whether a person has to allow calls of any tool. */
  readonly requireToolApproval?: NeedsApproval<{ readonly toolName: string; readonly args: unknown }>;
  /** `{ schema }`: the answer is data. */
  readonly structuredOutput?: unknown;
  readonly [option: string]: unknown;
}

type NeedsApproval<About> = boolean | ((about: About) => boolean | Promise<boolean>) | undefined;

/** Those made with `createTool`, and those of the AI SDK. */
export interface MastraTool {
  readonly execute?: (input: unknown, context: MastraToolContext) => unknown;
  readonly requireApproval?: NeedsApproval<unknown>;
  readonly needsApprovalFn?: NeedsApproval<unknown>;
  readonly needsApproval?: NeedsApproval<unknown>;
  readonly suspendSchema?: unknown;
  readonly resumeSchema?: unknown;
}

export type MastraTools = Readonly<Record<string, MastraTool>>;

export interface MastraToolContext {
  readonly toolCallId?: string;
  readonly agent?: { readonly toolCallId?: string; readonly [more: string]: unknown };
  readonly [more: string]: unknown;
}

export interface MastraOutput {
  readonly fullStream: AsyncIterable<MastraChunk>;
  /** Settled when the stream has ended. */
  readonly object: Promise<unknown>;
}

export interface MastraChunk {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}
