/** What the server's configuration says to the base classes. */
import type { ModelOptions } from '../platform/model-options.js';

/** What of the server's configuration the base classes go by. */
export interface AgentSettings {
  /** That a language model may take for one answer. */
  readonly modelTimeoutMs: number;
  readonly modelOptions: ModelOptions | undefined;
  /** How much of a session a model is shown word for word, in tokens. */
  readonly historyTokens: number;
  /** That a request's body may have. */
  readonly bodyLimitBytes: number;
}
