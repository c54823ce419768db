/** An agent that is a language model with a context document: it reads the session and streams its answer. */
import { Inject, Optional } from '@nestjs/common';
import { systemClock, type Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { CLOCK, CONFIG } from '../platform/tokens.js';
import { A2AAgentBaseService, type AgentAnswer } from './a2a-agent-base.service.js';
import { askModel, type ModelAnswer } from './models/ask-model.js';
import { LANGUAGE_MODEL, nameOfModel, type LanguageModel } from './models/language-model.js';
import { ModelUnavailableError } from './models/model-errors.js';
import { offlineModel } from './models/offline-model.js';
import { toPrompt } from './models/prompt.js';
import type { TaskContext } from './task-context.js';

const ATTEMPTS = 3;
const DEFAULT_TIMEOUT_MS = 60_000;

export abstract class ContextAgentBaseService extends A2AAgentBaseService {
  @Inject(LANGUAGE_MODEL)
  protected readonly model: LanguageModel = offlineModel;

  @Optional()
  @Inject(CONFIG)
  protected readonly config?: Pick<Config, 'modelTimeoutMs'>;

  @Optional()
  @Inject(CLOCK)
  protected readonly clock: Clock = systemClock;

  /** What the model knows and how it is to behave, in Markdown: its system prompt. */
  protected abstract readonly context: string;

  /** How many of the session's last messages the model is shown. */
  protected readonly historyLimit: number = 50;

  /**
   * Streams the answer as artifact `answer`, in one step: after a crash in the middle the model is asked again, and
   * the artifact begins again. The answer's part has `{ model, finishReason, usage }` as its metadata.
   */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    let attempts = 0;
    const { text, ...about } = await task.step(
      'answer',
      async ({ signal }) => {
        attempts += 1;
        try {
          return await this.#answer(task, signal);
        } catch (error) {
          const waitMs = error instanceof ModelUnavailableError ? (error.retryAfterMs ?? 0) : 0;
          if (waitMs > 0 && attempts < ATTEMPTS) await this.clock.sleep(waitMs, signal);
          throw error;
        }
      },
      { maxAttempts: ATTEMPTS, retryDelayMs: 500, backoff: 3 },
    );
    return [{ text, metadata: { model: nameOfModel(this.model), ...about } }];
  }

  async #answer(task: TaskContext, signal: AbortSignal): Promise<ModelAnswer> {
    const { model, context: system } = this;
    const messages = toPrompt(await task.history({ limit: this.historyLimit }), task.parts);
    const artifact = task.stream({ name: 'answer', metadata: { model: nameOfModel(model) } });
    const timeoutMs = this.config?.modelTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    const answer = await askModel({ model, system, messages, signal, timeoutMs }, this.clock, (text) =>
      artifact.write(text),
    );
    await artifact.end();
    return answer;
  }
}
