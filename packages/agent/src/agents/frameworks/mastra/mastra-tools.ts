/** Tools of Mastra whose calls are steps of a task; what has to be allowed, and what is suspended, is asked of a person. */
import { isObject } from '../../../platform/json-object.js';
import type { InputAnswer, InputOptions, JsonSchema, Say, TaskContext } from '../../task-context.js';
import { askAllowed } from '../ask-allowed.js';
import { lastOf, toolStep } from '../tool-step.js';
import type { MastraStreamOptions, MastraTool, MastraToolContext, MastraTools } from './mastra-agent.js';

/** What a call came to: its output, or what it waits for. */
type Came = { readonly output: unknown } | { readonly suspended: unknown };

export type AskAnswer = (question: Say, options?: InputOptions) => Promise<InputAnswer>;

/** Of the task, what its tools do. */
interface Asking extends Pick<TaskContext, 'agent' | 'step'> {
  readonly ask: AskAnswer;
}

export class DurableMastraTools {
  constructor(
    private readonly tools: MastraTools,
    private readonly task: Asking,
    private readonly approval: MastraStreamOptions['requireToolApproval'],
  ) {}

  /** Those that the client or the provider carries out are left out. */
  get durable(): MastraTools {
    return Object.fromEntries(
      Object.entries(this.tools).flatMap(([name, tool]) => {
        const { execute } = tool;
        return execute === undefined ? [] : [[name, this.#durable(name, tool, execute)]];
      }),
    );
  }

  /** A question ends the run: no other call may be under way then. */
  get mayAsk(): boolean {
    const mayAsk = (tool: MastraTool): boolean => mayNeedApproval(tool) || tool.suspendSchema !== undefined;
    return Boolean(this.approval) || Object.values(this.tools).some(mayAsk);
  }

  /** Whether calls of the tool run at once, so that watchers are told of them before they have a result. */
  isTold(name: string): boolean {
    const tool = Object.hasOwn(this.tools, name) ? this.tools[name] : undefined;
    return tool?.execute !== undefined && !this.approval && !mayNeedApproval(tool);
  }

  #durable(name: string, tool: MastraTool, execute: NonNullable<MastraTool['execute']>): MastraTool {
    const durable = async (input: unknown, context: MastraToolContext): Promise<unknown> => {
      if (await this.#needsApproval(name, tool, input)) {
        const refusal = await this.#refusal(name, input);
        if (refusal !== undefined) return refusal;
      }
      const id = context.agent?.toolCallId ?? context.toolCallId ?? '';
      const call = { id, name, input, isTold: this.isTold(name) };
      for (let resumeData: unknown; ;) {
        const given = resumeData;
        const came = await toolStep<Came>(
          this.task,
          call,
          async ({ signal }) => {
            let suspended: { readonly suspended: unknown } | undefined;
            const suspend = async (payload?: unknown): Promise<void> => {
              suspended = { suspended: payload ?? null };
            };
            const output = await lastOf(execute(input, contextOf(context, { signal, suspend, resumeData: given })));
            return suspended ?? { output };
          },
          (result) => ('suspended' in result ? undefined : result),
        );
        if (!('suspended' in came)) return came.output;
        resumeData = await this.#answerTo(came.suspended, tool.resumeSchema);
      }
    };
    // A tool is known by its prototype. Asking is done here, and not by Mastra.
    const own = { execute: durable, requireApproval: false, needsApprovalFn: undefined, needsApproval: undefined };
    return Object.assign(Object.create(Object.getPrototypeOf(tool) as object) as MastraTool, tool, own);
  }

  async #needsApproval(name: string, tool: MastraTool, input: unknown): Promise<boolean> {
    const { approval } = this;
    if (typeof approval === 'function' ? await approval({ toolName: name, args: input }) : approval) return true;
    for (const wanted of [tool.needsApprovalFn, tool.requireApproval, tool.needsApproval]) {
      if (typeof wanted === 'function') return wanted(input);
      if (wanted) return true;
    }
    return false;
  }

  /** What the model is told when the person says anything but yes. */
  async #refusal(name: string, input: unknown): Promise<string | undefined> {
    const { allowed, said } = await askAllowed(this.task, name, input);
    return allowed ? undefined : `The tool was not run, as the user did not allow it. They said: ${said}`;
  }

  async #answerTo(payload: unknown, resumeSchema: unknown): Promise<unknown> {
    const question = typeof payload === 'string' ? payload : [{ data: payload }];
    const schema = jsonSchemaOf(resumeSchema);
    const { data, text } = await this.task.ask(question, schema === undefined ? {} : { schema });
    return data ?? text;
  }
}

function mayNeedApproval({ requireApproval, needsApprovalFn, needsApproval }: MastraTool): boolean {
  return [requireApproval, needsApprovalFn, needsApproval].some(Boolean);
}

function contextOf(
  context: MastraToolContext,
  { signal, suspend, resumeData }: Readonly<Record<'signal' | 'suspend' | 'resumeData', unknown>>,
): MastraToolContext {
  const { agent } = context;
  return {
    ...context,
    abortSignal: signal,
    ...(agent === undefined ? {} : { agent: { ...agent, suspend, resumeData } }),
  };
}

/** Mastra's schemas say what they are as Standard JSON Schema. */
function jsonSchemaOf(schema: unknown): JsonSchema | undefined {
  const standard: unknown = isObject(schema) ? schema['~standard'] : undefined;
  const converter: unknown = isObject(standard) ? standard['jsonSchema'] : undefined;
  const input: unknown = isObject(converter) ? converter['input'] : undefined;
  if (typeof input !== 'function') return undefined;
  const made: unknown = input.call(converter, { target: 'draft-07' });
  return isObject(made) ? made : undefined;
}
