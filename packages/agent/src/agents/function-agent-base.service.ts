/** An agent that is a typed function: zod checks what goes in and what comes out. */
import type { z } from 'zod';
import { TerminalError } from '../platform/errors.js';
import { inWords } from '../platform/parse.js';
import { A2AAgentBaseService, type AgentAnswer } from './a2a-agent-base.service.js';
import type { TaskContext } from './task-context.js';

interface FunctionSchemas {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

/**
 * An agent that is a function: `run` takes what fits the schema `input`, and gives what fits `output`. A message or a
 * result that doesn't fit its schema fails the task, and says which field is wrong.
 *
 * @example
 * @A2AAgent({ type: 'function', name: 'add', version: '1.0.0', description: 'Adds two numbers.' })
 * export class AddAgent extends FunctionAgentBaseService<{ a: number; b: number }, number> {
 *   protected readonly input = z.object({ a: z.number(), b: z.number() });
 *   protected readonly output = z.number();
 *
 *   protected run({ a, b }: { a: number; b: number }) {
 *     return a + b;
 *   }
 * }
 */
export abstract class FunctionAgentBaseService<Input, Output> extends A2AAgentBaseService {
  /** What the function takes: the message's data part, or its text when it has none. */
  protected abstract readonly input: z.ZodType<Input>;
  /** What the function gives. */
  protected abstract readonly output: z.ZodType<Output>;

  /**
   * The function. It runs again from its beginning after a crash; steps that have finished give their results. An error
   * has it tried again, a TerminalError fails the task at once.
   */
  protected abstract run(input: Input, task: TaskContext): Output | Promise<Output>;

  /**
   * What the agent takes and gives, for protocols that show it; undefined of an agent that is no function.
   * @internal
   */
  static schemasOf(agent: unknown): FunctionSchemas | undefined {
    return agent instanceof FunctionAgentBaseService ? { input: agent.input, output: agent.output } : undefined;
  }

  /** Publishes the result as artifact `result`, which is the answer: a string as text, everything else as data, nothing for `undefined`. */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const input = this.input.safeParse(task.data === undefined ? task.text : task.data);
    if (!input.success) throw new TerminalError(`Invalid input: ${inWords(input.error)}.`);
    const output = this.output.safeParse(await this.run(input.data, task));
    if (!output.success) throw new TerminalError(`The function's result is invalid: ${inWords(output.error)}.`);
    const result: unknown = output.data;
    if (result === undefined) return undefined;
    const parts = [typeof result === 'string' ? { text: result } : { data: result }];
    await task.artifact({ name: 'result', parts });
    return parts;
  }
}
