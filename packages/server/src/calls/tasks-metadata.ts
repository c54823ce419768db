/** What a call says about its task in metadata, under the tasks extension. */
import type { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { TASKS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';

export type Metadata = Readonly<Record<string, unknown>> | undefined;

/**
 * What the message's metadata say, then what the request's do; nothing of those that say nothing, as most do. Throws
 * INVALID_ARGUMENT, naming the field.
 */
export function saidInMetadata<Said>(schema: z.ZodType<Said>, message: Metadata, request: Metadata): readonly Said[] {
  return Object.entries({ 'message.metadata': message, metadata: request }).flatMap(([name, metadata]) => {
    const said = metadata?.[TASKS_EXTENSION];
    return said === undefined || said === null ? [] : [parse(schema, said, `${name}["${TASKS_EXTENSION}"]`)];
  });
}
