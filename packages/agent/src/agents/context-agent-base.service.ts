/** An agent that is a language model with a context document: it reads the session, uses tools, streams its answer. */
import type { z } from 'zod';
import { systemClock, type Clock } from '../platform/clock.js';
import { messageOf, TerminalError } from '../platform/errors.js';
import type { ModelOptions } from '../platform/model-options.js';
import { isNothing } from '../platform/text.js';
import { CLOCK, CONFIG } from '../platform/tokens.js';
import type { Part } from '../sessions/message.js';
import { readSession } from '../sessions/read-session.js';
import { ANSWER, streamedAnswerId } from '../tasks/answer-artifact.js';
import { TOOLS_EXTENSION } from '../tasks/task.js';
import { declares } from './a2a-agent.js';
import type { AgentSettings } from './agent-settings.js';
import { A2AAgentBaseService, type AgentAnswer } from './a2a-agent-base.service.js';
import { Remark } from './answer.js';
import { toParts } from './content.js';
import { injected, SERVICES } from './injected.js';
import { notesOf } from './memory/notes.js';
import { askFitting, type Built } from './models/ask-fitting.js';
import { converse, joined, metadataOf, sum, type TurnAnswer } from './models/converse.js';
import { askInTurn } from './models/fallbacks.js';
import { cutShort } from './models/finish-reasons.js';
import { boundedHistory, tokensOfHistory, type History } from './models/history.js';
import { LANGUAGE_MODEL, nameOfModel, type LanguageModel } from './models/language-model.js';
import { offlineModel } from './models/offline-model.js';
import { toPrompt } from './models/prompt.js';
import { providerOptionsFor } from './models/provider-options.js';
import { readsOf } from './models/readable-files.js';
import { RefusedFiles } from './models/refused-files.js';
import { asToldTo } from './models/repeated.js';
import { withoutTools } from './models/without-tools.js';
import { formOf, toJsonSchema } from './models/structured.js';
import { ShownFiles } from './models/shown-files.js';
import { summarise } from './models/summarise.js';
import { offeredTo } from './models/tool-limits.js';
import { withUnfinished, type TasksOfSession } from './models/unfinished.js';
import type { TokenUsage } from './spending.js';
import type { ArtifactStream, Say, TaskContext } from './task-context.js';
import { clientToolsOf } from './tools/client-tools.js';
import type { McpAccess, McpSelection, McpToolbox } from './tools/mcp-toolbox.js';
import { flawOfTools, type AgentTool } from './tools/tool.js';

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_HISTORY_TOKENS = 16_000;
const DEFAULT_BODY_BYTES = 10 * 1024 ** 2;
/** Of the files that one prompt shows. */
const MOST_FILES_BYTES = 16 * 1024 ** 2;

/** How `generate` asks the language model. */
export interface GenerateOptions {
  /** Of the step. Default `generate`. */
  readonly name?: string | undefined;
  /** The system prompt. Default: the agent's `context`. */
  readonly system?: string | undefined;
  /** Whether the model may use the agent's tools. Default false. */
  readonly tools?: boolean | undefined;
  /** Whether the model is shown the session. Default false. */
  readonly history?: boolean | undefined;
}

/** What `generate` got from the language model, and what that cost. */
export interface Generated {
  readonly text: string;
  /** Tokens of all calls of the model. */
  readonly usage: TokenUsage;
  /** `provider/model id` of the one that answered. */
  readonly model: string;
  /** `stop`, or `length`, `content-filter` and others for an answer that isn't whole. */
  readonly finishReason: string;
  /** What the model thought before, where its provider tells; never part of `text`. */
  readonly reasoning?: string;
}

interface TurnOptions<Value> extends GenerateOptions {
  readonly name: string;
  readonly schema?: z.ZodType<Value>;
  /** For the answer of `model`. */
  readonly stream?: (model: string) => ArtifactStream;
  /** Whether it answers whoever began the task: they may offer tools, and the session keeps which tools were used. */
  readonly remember?: boolean;
}

/** What is said now, what was said before, and what is known of whoever says it. */
type Shown = readonly [now: readonly Part[], history: History, notes: string | undefined];

/**
 * An agent that a language model answers for: its system prompt is `context`, its abilities are `tools` and `mcp`. A model
 * call that has finished is never paid for again after a crash.
 *
 * @example
 * @A2AAgent({ type: 'context', name: 'support', version: '1.0.0', description: 'Answers questions about orders.' })
 * export class SupportAgent extends ContextAgentBaseService {
 *   protected readonly context = 'You answer questions about orders, briefly and kindly.';
 * }
 */
export abstract class ContextAgentBaseService extends A2AAgentBaseService {
  /** The server's language model (CONTINUO_MODEL), or the offline model. */
  @injected(LANGUAGE_MODEL, 'required')
  protected readonly model: LanguageModel = offlineModel;

  /** @internal */
  @injected(CONFIG)
  protected readonly config?: AgentSettings;

  /** @internal */
  @injected(SERVICES.mcpTools)
  protected readonly mcpTools?: McpToolbox;

  /** Knows what became of the tasks of a session. @internal */
  @injected(SERVICES.tasks)
  protected readonly tasks?: TasksOfSession;

  /** @internal */
  @injected(CLOCK)
  protected readonly clock: Clock = systemClock;

  /** What the model knows and how it is to behave, in Markdown: its system prompt. */
  protected abstract readonly context: string;

  /** What the model may do, by the name that it is told: `{ look_up: tool({ … }) }`. */
  protected readonly tools: Readonly<Record<string, AgentTool>> = {};

  /**
   * The MCP servers whose tools the model may use as well: all of CONTINUO_MCP_SERVERS, or some of them by name, or
   * others. One that isn't configured or can't be reached costs its tools, not the task. Default: none.
   */
  protected readonly mcp: McpSelection = [];

  /** What the answer must be: then it is a data part, checked and parsed, instead of text. */
  protected readonly output?: z.ZodType;

  /**
   * How often the model may want tools for one answer. Then it is asked once more, without tools, to answer with what it
   * has, and the answer's metadata has `endedBy: 'max-rounds'`.
   */
  protected readonly maxRounds: number = 20;

  /**
   * What the provider is told beside the prompt, as the AI SDK has it: `{ openai: { reasoningEffort: 'low' } }`, by provider
   * or by `provider/model id`. It comes before CONTINUO_MODEL_OPTIONS. Default: none.
   */
  protected readonly providerOptions?: ModelOptions;

  /** How many of the tools that the model wants in one answer run at the same time; the others wait for their turn. */
  protected readonly maxToolsAtOnce: number = 8;

  /** How much of the session the model is shown word for word, in tokens (estimated). Default CONTINUO_HISTORY_TOKENS. */
  protected readonly historyTokens?: number;

  /**
   * Whether the model is shown what users said in earlier sessions, and what they say is drawn from for later ones. Default: as
   * `@A2AAgent({ memory: true })` says.
   */
  protected readonly memory: boolean = declares(this.constructor, 'memory');

  /** How much of its memory the model is shown in a turn, in tokens (estimated). */
  protected readonly memoryTokens: number = 500;

  /** The tools that a model is not told of, as far as it was warned of them. */
  readonly #leftOut = new Map<string, string>();

  /** What is wrong with its tools, for the registry; undefined when nothing is. */
  toolFlaw(): string | undefined {
    return flawOfTools(this.tools);
  }

  /** Whether no model is configured: then a deterministic one answers that says so, and keeps to no schema. */
  protected get offline(): boolean {
    return this.model === offlineModel;
  }

  /**
   * Streams the answer as artifact `answer`. Each call of the model and of a tool is a step: after a crash in the middle
   * of one it is done again, what it had written of the artifact is replaced, and what finished before is kept. The
   * artifact has `{ model, finishReason, usage, endedBy? }` as its metadata, and what the model thought beside.
   * `endedBy` says that the model was stopped (`max-rounds`), or said nothing after its tools had run (`nothing-to-add`).
   * An answer that was cut off is the answer all the same; the task's last state says so.
   */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const answer = { artifactId: streamedAnswerId(task.id), name: ANSWER };
    const options = { name: 'answer', tools: true, history: true, remember: true };
    if (this.output !== undefined) {
      const { object: data, ...about } = await this.#turn(task, task.parts, { ...options, schema: this.output });
      const metadata = metadataOf(about);
      await task.artifact({ ...answer, metadata, parts: [{ data }] });
      return [{ data, metadata }];
    }
    const stream = (model: string): ArtifactStream => task.stream({ ...answer, metadata: { model } });
    const { text, ...about } = await this.#turn(task, task.parts, { ...options, stream });
    const said = [{ text, metadata: metadataOf(about) }];
    const cut = cutShort(about.finishReason);
    return cut === undefined ? said : new Remark([{ text: cut }], said);
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
    const { reasoning, ...generated } = await this.#turn(task, toParts(prompt), { name: 'generate', ...options });
    return { ...generated, ...(reasoning === '' ? {} : { reasoning }) };
  }

  /** All that the model may use now, by name. It depends on which MCP servers can be reached: ask in a step. */
  protected async allTools(): Promise<Readonly<Record<string, AgentTool>>> {
    // Its own come first: of more than a model takes the last are left out.
    return { ...this.tools, ...(await this.mcpTools?.of(this.mcp)), ...this.tools };
  }

  /**
   * The resources and prompts of an MCP server, by its name in CONTINUO_MCP_SERVERS or in `mcp`: ask in a step. Throws
   * TerminalError for one that is in neither.
   *
   * @example
   * const parts = await task.step('read', async () => (await this.mcpServer('docs')).readResource('docs://terms'));
   */
  protected async mcpServer(name: string): Promise<McpAccess> {
    if (this.mcpTools === undefined) throw new TerminalError('There are no MCP servers here.');
    return this.mcpTools.server(name, this.mcp);
  }

  async #turn<Value>(
    task: TaskContext,
    parts: readonly Part[],
    options: TurnOptions<Value>,
  ): Promise<TurnAnswer<Value>> {
    if (this.offline && options.schema !== undefined) {
      throw new TerminalError(
        'No language model is configured, and the offline model keeps to no form of answer. Set CONTINUO_MODEL.',
      );
    }
    const { model, clock } = this;
    const { system = this.context, schema } = options;
    const form = schema === undefined ? undefined : toJsonSchema(schema);
    const own = options.tools === true ? this.tools : {};
    const takes = options.remember === true && declares(this.constructor, 'clientTools');
    const clients = takes ? clientToolsOf(task, own) : {};
    let known: Promise<Readonly<Record<string, AgentTool>>> | undefined;
    const all = (): Promise<Readonly<Record<string, AgentTool>>> => {
      known ??=
        options.tools === true
          ? this.allTools().then((tools) => ({ ...tools, ...clients, ...tools }))
          : Promise.resolve({});
      return known;
    };
    const timeoutMs = this.config?.modelTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    // Read once in a run, by the first call of the model that isn't replayed; anew where it is to be less.
    const session = new Map<string, Promise<Shown>>();
    const read = async (one: LanguageModel, budget: number, signal: AbortSignal): Promise<Shown> => {
      // As many as could have come inline.
      const body = this.config?.bodyLimitBytes ?? DEFAULT_BODY_BYTES;
      const files = new ShownFiles(task, Math.min(MOST_FILES_BYTES, (body / 4) * 3), readsOf(one));
      const now = await files.in(parts);
      const isShown = options.history === true && budget > 0;
      const [history, notes] = await Promise.all([
        isShown ? this.#history(task, files, budget, signal) : { messages: [] },
        options.remember === true ? this.#notes(task, signal) : undefined,
      ]);
      return [now, history, notes];
    };
    return converse({
      task,
      clock,
      model: nameOfModel(model),
      name: options.name,
      tools: { own, all },
      maxToolsAtOnce: this.maxToolsAtOnce,
      maxRounds: this.maxRounds,
      ...(schema === undefined ? {} : { schema }),
      remember: async (kind, said) => {
        if (options.remember === true) await this.saveAgentResponseToSession(task, said, { [TOOLS_EXTENSION]: kind });
      },
      ask: async ({ added, before, mayUseTools, mayBeEmpty, answerWith }, signal) => {
        const tools = mayUseTools ? await all() : {};
        return askInTurn(model, clock, async (one) => {
          const name = nameOfModel(one);
          const build = async (historyTokens: number): Promise<Built> => {
            const place = `${historyTokens} ${name}`;
            const shown = session.get(place) ?? read(one, historyTokens, signal);
            session.set(place, shown);
            // What fails once isn't what the next attempt of the step is to get.
            shown.catch(() => session.delete(place));
            const [now, history, notes] = await shown;
            const { messages, summary, working } = history;
            const prompt = toPrompt(messages, now, { agent: task.agent, tools, summary, working });
            const question = {
              model: one,
              system: [system, notes, form && formOf(form)].filter((part) => part !== undefined).join('\n\n'),
              messages: [...prompt, ...(mayUseTools ? asToldTo(name, added, before.by) : withoutTools(added))],
              // Some providers take tools or a form, and not both: then the prompt alone says what is wanted.
              ...(Object.keys(tools).length > 0 ? { tools } : form === undefined ? {} : { schema: form }),
              providerOptions: providerOptionsFor(one, this.config?.modelOptions, this.providerOptions),
              signal,
              timeoutMs,
              mayBeEmpty,
            };
            return { question, historyTokens: tokensOfHistory(history) };
          };
          // Of a model that is asked instead of another it begins anew.
          const artifact = options.stream?.(name);
          // White space before the first word may be all that comes.
          let held: string | undefined = '';
          const fitting = { build, historyTokens: this.#budget, refused: this.#refusedFiles(task, name) };
          const answer = await askFitting(fitting, clock, async (text) => {
            if (held === undefined) return artifact?.write(text);
            held += text;
            if (isNothing(held)) return;
            // A step's stream begins the artifact anew, so what earlier rounds said comes first.
            const first = joined(before.said, held);
            held = undefined;
            await artifact?.write(first);
          });
          this.#warnOfLeftOut(one, tools);
          const ending = answerWith(answer);
          if (ending !== undefined) {
            if (held !== undefined) await artifact?.write(ending.text);
            const { endedBy } = ending;
            const usage = sum(before.usage, answer.usage);
            const reasoning = joined(before.reasoning, answer.reasoning ?? '');
            const { finishReason } = answer;
            await artifact?.end({ metadata: metadataOf({ model: name, finishReason, usage, reasoning, endedBy }) });
          }
          return { ...answer, model: name };
        });
      },
    });
  }

  /** Memory that can't be read costs what is in it, not the task. */
  async #notes(task: TaskContext, signal: AbortSignal): Promise<string | undefined> {
    if (!this.memory || this.offline) return undefined;
    try {
      return await notesOf(task, this.memoryTokens);
    } catch (error) {
      signal.throwIfAborted();
      this.logger?.warn({ err: messageOf(error), taskId: task.id }, 'memory could not be read; going on without');
      return undefined;
    }
  }

  /** Once for each model, as long as they are the same. */
  #warnOfLeftOut(model: LanguageModel, tools: Readonly<Record<string, AgentTool>>): void {
    const { leftOut } = offeredTo(model, tools);
    const [name, left] = [nameOfModel(model), JSON.stringify(leftOut)];
    if (leftOut.length === 0 || this.#leftOut.get(name) === left) return;
    this.#leftOut.set(name, left);
    this.logger?.warn({ model: name, tools: leftOut }, 'a model takes no more tools: it is not told of these');
  }

  get #budget(): number {
    return this.historyTokens ?? this.config?.historyTokens ?? DEFAULT_HISTORY_TOKENS;
  }

  #refusedFiles(task: TaskContext, model: string): RefusedFiles {
    const key = task.session.stateless ? undefined : task.session.key;
    return new RefusedFiles(this.sessions, key, model, (error) =>
      this.logger?.warn({ err: messageOf(error), taskId: task.id }, 'which files a model refuses was not kept'),
    );
  }

  /** A session that can't be read costs its history, not the task. */
  async #history(task: TaskContext, files: ShownFiles, budget: number, signal: AbortSignal): Promise<History> {
    const { sessions, model, clock } = this;
    const options = this.config?.modelOptions;
    const { session, message } = task;
    if (sessions === undefined || session.stateless) return { messages: [] };
    const timeoutMs = this.config?.modelTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    const warn = (error: unknown, what: string): void => {
      signal.throwIfAborted();
      this.logger?.warn({ err: messageOf(error), taskId: task.id }, what);
    };
    try {
      const history = await boundedHistory({
        budget,
        read: async (limit) => {
          const window = await readSession(() => sessions.window(session.key, message.messageId, limit), clock, signal);
          return { ...window, messages: await files.inMessages(window.messages) };
        },
        summarise: (older) => summarise(older, { model, clock, signal, timeoutMs, options, budget }),
        save: (checkpoint) => sessions.saveCheckpoint(session.key, checkpoint),
        failed: (error) => warn(error, 'the older part of a session could not be summed up; going on without'),
      });
      return this.tasks === undefined ? history : await withUnfinished(history, this.tasks);
    } catch (error) {
      warn(error, 'the session could not be read; going on without its history');
      return { messages: [] };
    }
  }
}
