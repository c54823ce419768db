/** The tool that answers what an agent has asked: for clients that don't ask people themselves, and for data. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import type { Said } from './agent-tools.js';

/** No agent's tool has a name without an underscore. */
export const ANSWER_TOOL = 'answer';

export const answerArguments = z.strictObject({
  taskId: z.uuid().describe('The task that asks, as its result names it.'),
  message: z.string().min(1).optional().describe('The answer in words.'),
  data: z.unknown().optional().describe('The answer as data, where the question asks for data.'),
});

/** Throws INVALID_ARGUMENT, naming the argument. */
export function readAnswer(input: unknown): Said & { readonly taskId: string } {
  const { taskId, message, data } = parse(answerArguments, input ?? {}, 'arguments');
  if (message === undefined && data === undefined)
    throw invalidArgument('arguments.message', 'an answer, here or as data');
  return {
    taskId,
    parts: [...(message === undefined ? [] : [{ text: message }]), ...(data === undefined ? [] : [{ data }])],
  };
}
