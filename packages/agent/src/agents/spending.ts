/** What models tell the run in whose name they are asked. */

/** Tokens, as far as the provider counts them. */
export interface TokenUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  /** Of the input, what the provider had from an earlier call; only where it is some. */
  readonly cachedInputTokens?: number;
  /** Of the input, what the provider keeps for later calls; only where it is some. */
  readonly cacheWriteTokens?: number;
  /** Of the output, what nobody is shown as the answer; only where it is some. */
  readonly reasoningTokens?: number;
  /** Whether the provider said less than all of it, and the rest is estimated. */
  readonly estimated?: true;
}

/** What a task's trace shows of a call beside its tokens. */
export interface AboutCall {
  /** When the model was asked; ISO 8601. */
  readonly startedAt?: string | undefined;
  readonly finishReason?: string | undefined;
  /** What it was asked; called only where prompts are kept. */
  readonly prompt?: (() => unknown) | undefined;
}

export interface Spending {
  /** Throws TerminalError when nothing more may be taken. Wait for it before a model is asked: it gives the time, ISO 8601. */
  check(): Promise<string>;
  /** `model`: `provider/model id`. Call it as soon as it has answered. */
  spent(model: string, tokens: TokenUsage, about?: AboutCall): void;
}
