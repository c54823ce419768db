/** Tools: functions that the model of a context agent may call. */
import { z } from 'zod';
import { ContinuoError, TerminalError } from '../../platform/errors.js';
import type { ToolOffer } from '../models/ask-model.js';
import { toJsonSchema } from '../models/structured.js';
import type { JsonSchema, TaskContext } from '../task-context.js';
import type { ApprovalPolicy } from './approval.js';
import { foldedSchema } from './mcp/fold-schema.js';

/** What a tool knows of the call beside its input. */
export interface ToolContext {
  readonly task: TaskContext;
  /** Aborted when the task is cancelled and when the server shuts down. */
  readonly signal: AbortSignal;
  /** The same for every attempt at this call, also after a crash. */
  readonly idempotencyKey: string;
}

/** A tool of a language model; `tool` makes one with checked types. */
export interface AgentTool extends ToolOffer {
  /** Whether it runs in a step of the task. */
  readonly inStep: boolean;
  /** Gives what the model is shown. What it throws, the model is told. */
  readonly run: (input: unknown, context: ToolContext) => unknown;
  /** Whether a person is asked before it runs. Default `never`. */
  readonly approve?: ApprovalPolicy;
  /** What is wrong with an input, which is always an object; undefined for one that `run` takes. */
  readonly check?: (input: unknown) => Promise<string | undefined>;
  /** Whether the client runs it: then the task asks for the result. @internal */
  readonly isOfClient?: true;
}

/** What `tool` is told: what the model reads, what it must write, and what then runs. */
export interface ToolDefinition<Input> {
  /** What it does and when to use it, for the model. */
  readonly description: string;
  /**
   * A zod object, or a union or an intersection of objects: the model is shown one object with all their fields. What it
   * writes is checked, and `run` gets it parsed. One of anything else stops the start with AGENT_INVALID.
   */
  readonly input: z.ZodType<Input>;
  /**
   * Gives JSON, or nothing; of what JSON doesn't know the model is shown words: bytes as text where they are UTF-8. What it
   * throws goes to the model as the result. Calls that a model makes in one answer run side by side.
   */
  readonly run: (input: Input, context: ToolContext) => unknown;
  /**
   * Whether the call is a step of the task, which a crash doesn't repeat once it has finished. Default true. False is
   * for tools that call other agents or ask people, which can't be done in a step: everything else in them belongs into
   * steps of its own.
   */
  readonly inStep?: boolean | undefined;
  /**
   * Whether a person is asked before it runs: `always`, `never` (the default), or a function of the input. The task is
   * INPUT_REQUIRED until there is an answer, and costs nothing. What was approved runs once at most: when the server stops
   * while it runs, the person is asked again. A user who answers `always` isn't asked again about this tool of this agent
   * in the session.
   *
   * @example
   * const pay = tool({
   *   description: 'Pays an order.',
   *   input: z.object({ order: z.string(), amount: z.number() }),
   *   run: ({ order }) => payments.pay(order),
   *   approve: ({ amount }) => amount > 100,
   * });
   */
  readonly approve?: ApprovalPolicy<Input> | undefined;
}

/** Declares a tool, for the field `tools` of a context agent. Throws AGENT_INVALID, by name, for a definition that is none. */
export function tool<Input>(definition: ToolDefinition<Input>): AgentTool {
  requireDefinition(definition);
  const { description, input, run, inStep = true, approve } = definition;
  return {
    description,
    inputSchema: toInputSchema(toJsonSchema(input)),
    inStep,
    run: async (given, context) => {
      const parsed = await input.safeParseAsync(given);
      if (!parsed.success) throw new TerminalError(flawOf(parsed.error));
      return run(parsed.data, context);
    },
    check: async (given) => {
      const { error } = await input.safeParseAsync(given);
      return error === undefined ? undefined : flawOf(error);
    },
    ...(approve === undefined ? {} : { approve: typeof approve === 'string' ? approve : ofParsed(input, approve) }),
  };
}

/** What no type has refused, as JavaScript and casts pass it. */
function requireDefinition(definition: unknown): void {
  if (typeof definition !== 'object' || definition === null) throw wrong('expected { description, input, run }');
  const { description, input, run, inStep, approve } = definition as Readonly<Record<string, unknown>>;
  if (typeof description !== 'string') throw wrong('description: expected text, for the model');
  if (typeof input !== 'object' || input === null || !('_zod' in input))
    throw wrong('input: expected an object of zod 4');
  if (typeof run !== 'function') throw wrong('run: expected a function that does its work');
  if (inStep !== undefined && typeof inStep !== 'boolean') throw wrong('inStep: expected true or false');
  if (approve === undefined || approve === 'always' || approve === 'never' || typeof approve === 'function') return;
  throw wrong("approve: expected 'always', 'never' or a function of the input");
}

function wrong(what: string): ContinuoError {
  return new ContinuoError('AGENT_INVALID', `tool: ${what}`);
}

/** What is left of one of no object, the registry refuses. */
function toInputSchema(schema: JsonSchema): JsonSchema {
  const folded = foldedSchema(schema);
  return folded === undefined ? schema : { type: 'object', ...folded };
}

/** Why no model can be offered the tools of an agent, by name; undefined for those that it can. */
export function flawOfTools(tools: Readonly<Record<string, AgentTool>>): string | undefined {
  for (const [name, { inputSchema }] of Object.entries(tools)) {
    if (!/^[\w-]{1,64}$/.test(name)) return `its tool ${JSON.stringify(name)} has a name that providers don't take`;
    if (inputSchema['type'] !== 'object') return `the input of its tool ${name} is no object`;
  }
  return undefined;
}

/** It is given only what has been checked. */
function ofParsed<Input>(
  input: z.ZodType<Input>,
  approve: Exclude<ApprovalPolicy<Input>, string>,
): Exclude<ApprovalPolicy, string> {
  return async (given, context) => approve(await input.parseAsync(given), context);
}

function flawOf(error: z.ZodError): string {
  return `The input doesn't fit: ${z.prettifyError(error)}`;
}
