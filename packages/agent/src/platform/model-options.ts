/** Options of providers of language models, as the AI SDK takes them. */
import type { z } from 'zod';

/** Options by `provider`, or by `provider/model id`. */
export type ModelOptions = Readonly<Record<string, Readonly<Record<string, z.infer<z.ZodJSONSchema>>>>>;
