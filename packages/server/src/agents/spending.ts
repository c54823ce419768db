/** What models tell the run in whose name they are asked. */

export interface SpentTokens {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly cachedInputTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
}

export interface Spending {
  /** Throws TerminalError when nothing more may be taken. Wait for it before a model is asked. */
  check(): Promise<void>;
  /** `model`: `provider/model id`. Call it as soon as it has answered. */
  spent(model: string, tokens: SpentTokens): void;
}
