/** The structured result of a tool whose agent declares none: the answer, and where the conversation and the task are found. */
import { z } from 'zod';

const { $schema: _, ...schema } = z.toJSONSchema(
  z.object({
    state: z.string().describe('COMPLETED, or INPUT_REQUIRED when the agent asks something.'),
    taskId: z.string(),
    sessionId: z.string().describe('The conversation: the next call with it goes on.'),
    answer: z.string().optional().describe('What the agent answered, as text.'),
    data: z.unknown().optional().describe('What it answered as data.'),
    question: z.string().optional().describe('What the agent asks, and waits for.'),
  }),
  { io: 'input' },
);

export const envelopeSchema: Readonly<Record<string, unknown>> = schema;
