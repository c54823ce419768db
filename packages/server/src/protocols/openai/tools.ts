/** Tools as OpenAI's two APIs have them. */
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { functionSchema, type OfferedFunction } from '../offered-tools.js';
import { longListOf } from '../long-list.js';

/** Which tools an agent is to use is its own matter. */
export const toolChoice = z
  .enum(['none', 'auto'], { error: 'expected none or auto: an agent uses tools of its own' })
  .nullish();

const type = z.literal('function', { error: 'expected function: an agent has no other tools of OpenAI’s' });
const chatSchema = longListOf(z.object({ type, function: functionSchema }));
const responseSchema = longListOf(functionSchema.extend({ type }));

/** Throws INVALID_ARGUMENT, naming the tool. */
export function toolsOfChat(tools: unknown): readonly OfferedFunction[] {
  return parse(chatSchema, tools, 'tools').map((tool) => tool.function);
}

/** Throws INVALID_ARGUMENT, naming the tool. */
export function toolsOfResponse(tools: unknown): readonly OfferedFunction[] {
  return parse(responseSchema, tools, 'tools');
}
