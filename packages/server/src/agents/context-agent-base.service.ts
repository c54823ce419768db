/** An agent that is a language model with a context document: it reads the session, uses tools, streams its answer. */
import { Inject, Optional } from '@nestjs/common';
import type { z } from 'zod';
import { systemClock, type Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { derivedId } from '../platform/ids.js';
import { CLOCK, CONFIG } from '../platform/tokens.js';
import type { Part } from '../sessions/message.js';
import { A2AAgentBaseService, type AgentAnswer } from './a2a-agent-base.service.js';
import { toParts } from './content.js';
import { askModel, type TokenUsage } from './models/ask-model.js';
import { converse, joined, type TurnAnswer } from './models/converse.js';
import { LANGUAGE_MODEL, nameOfModel, type LanguageModel } from './models/language-model.js';
import { offlineModel } from './models/offline-model.js';
import { toPrompt } from './models/prompt.js';
import { formOf, toJsonSchema } from './models/structured.js';
import type { ArtifactStream, Say, TaskContext } from './task-context.js';
import type { AgentTool } from './tools/tool.js';

const DEFAULT_TIMEOUT_MS = 60_000;

export interface GenerateOptions {
  /** Of the step. Default `generate`. */
  readonly name?: string;
  /** The system prompt. Default: the agent's `context`. */
  readonly system?: string;
  /** Whether the model may use the agent's tools. Default false. */
  readonly tools?: boolean;
  /** Whether the model is shown the session. Default false. */
  readonly history?: boolean;
}

export interface Generated {
  readonly text: string;
  /** Tokens of all calls of the model. */
  readonly usage: TokenUsage;
  /** `provider/model id`. */
  readonly model: string;
}

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

  /** What the model may do, by the name that it is told: `{ look_up: tool({ … }) }`. */
  protected readonly tools: Readonly<Record<string, AgentTool>> = {};

  /** How often the model is asked for one answer, the results of its tools in between, before the task fails. */
  protected readonly maxRounds: number = 20;

  /** How many of the session's last messages the model is shown. */
  protected readonly historyLimit: number = 50;

  /** Whether no model is configured: then a deterministic one answers that says so, and keeps to no schema. */
  protected get offline(): boolean {
    return this.model === offlineModel;
  }

  /**
   * Streams the answer as artifact `answer`. Each call of the model and of a tool is a step: after a crash in the middle
   * of one it is done again, what it had written of the artifact is replaced, and what finished before is kept. The
   * answer's part has `{ model, finishReason, usage }` as its metadata.
   */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const model = nameOfModel(this.model);
    const answer = { artifactId: derivedId(`${task.id}:answer`), name: 'answer', metadata: { model } };
    const { text, finishReason, usage } = await this.#turn(task, task.parts, {
      name: 'answer',
      tools: true,
      history: true,
      stream: () => task.stream(answer),
    });
    return [{ text, metadata: { model, finishReason, usage } }];
  }

  /**
   * Asks the model for something on the way: no artifact, and by default neither tools nor history. With `schema` the
   * answer's JSON is checked and given as `object`; one that doesn't fit is asked for again, once. Each call of the
   * model is a step, so one `generate` must have ended before the next begins. Throws StepFailedError and TerminalError.
   */
  protected generate<Value>(
    task: TaskContext,
    prompt: Say,
    options: GenerateOptions & { readonly schema: z.ZodType<Value> },
  ): Promise<Generated & { readonly object: Value }>;
  protected generate(task: TaskContext, prompt: Say, options?: GenerateOptions): Promise<Generated>;
  protected async generate(
    task: TaskContext,
    prompt: Say,
    options: GenerateOptions & { readonly schema?: z.ZodType } = {},
  ): Promise<Generated & { readonly object?: unknown }> {
    const { finishReason: _, ...generated } = await this.#turn(task, toParts(prompt), { name: 'generate', ...options });
    return { ...generated, model: nameOfModel(this.model) };
  }

  #turn<Value>(
    task: TaskContext,
    parts: readonly Part[],
    options: GenerateOptions & {
      readonly name: string;
      readonly schema?: z.ZodType<Value>;
      readonly stream?: () => ArtifactStream;
    },
  ): Promise<TurnAnswer<Value>> {
    const { model, clock } = this;
    const { name, system = this.context, schema } = options;
    const form = schema === undefined ? undefined : toJsonSchema(schema);
    const tools = options.tools === true ? this.tools : {};
    const timeoutMs = this.config?.modelTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    return converse({
      task,
      clock,
      model: nameOfModel(model),
      name,
      tools,
      maxRounds: this.maxRounds,
      ...(schema === undefined ? {} : { schema }),
      ask: async (added, before, signal) => {
        const history = options.history === true ? await task.history({ limit: this.historyLimit }) : [];
        const question = {
          model,
          system: form === undefined ? system : `${system}\n\n${formOf(form)}`,
          messages: [...toPrompt(history, parts), ...added],
          ...(Object.keys(tools).length === 0 ? {} : { tools }),
          ...(form === undefined ? {} : { schema: form }),
          signal,
          timeoutMs,
        };
        const artifact = options.stream?.();
        let written = '';
        const answer = await askModel(question, clock, async (text) => {
          // A step's stream begins the artifact anew, so what earlier rounds said comes first.
          await artifact?.write(written === '' ? joined(before, text) : text);
          written += text;
        });
        if (answer.calls.length === 0) await artifact?.end();
        return answer;
      },
    });
  }
}
