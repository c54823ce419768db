/** Tools: functions that the model of a context agent may call. */
import { z } from 'zod';
import { TerminalError } from '../../platform/errors.js';
import type { ToolOffer } from '../models/ask-model.js';
import { toJsonSchema } from '../models/structured.js';
import type { TaskContext } from '../task-context.js';

/** What a tool knows of the call beside its input. */
export interface ToolContext {
  readonly task: TaskContext;
  /** Aborted when the task is cancelled and when the server shuts down. */
  readonly signal: AbortSignal;
  /** The same for every attempt at this call, also after a crash. */
  readonly idempotencyKey: string;
}

export interface AgentTool extends ToolOffer {
  /** Whether it runs in a step of the task. */
  readonly inStep: boolean;
  /** Gives JSON. What it throws, the model is told. */
  readonly run: (input: unknown, context: ToolContext) => unknown;
}

export interface ToolDefinition<Input> {
  /** What it does and when to use it, for the model. */
  readonly description: string;
  /** A zod object; what the model writes is checked, and `run` gets it parsed. */
  readonly input: z.ZodType<Input>;
  /** Gives JSON. What it throws goes to the model as the result. */
  readonly run: (input: Input, context: ToolContext) => unknown;
  /**
   * Whether the call is a step of the task, which a crash doesn't repeat once it has finished. Default true. False is
   * for tools that call other agents or ask people, which can't be done in a step: everything else in them belongs into
   * steps of its own.
   */
  readonly inStep?: boolean;
}

/** Declares a tool, for the field `tools` of a context agent. */
export function tool<Input>({ description, input, run, inStep = true }: ToolDefinition<Input>): AgentTool {
  return {
    description,
    inputSchema: toJsonSchema(input),
    inStep,
    run: async (given, context) => {
      const parsed = await input.safeParseAsync(given);
      if (!parsed.success) throw new TerminalError(`The input doesn't fit: ${z.prettifyError(parsed.error)}`);
      return run(parsed.data, context);
    },
  };
}
