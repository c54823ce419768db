/** How long an answer may be, as both of OpenAI's APIs say it. */
import { z } from 'zod';

export const mostTokens = z.int({ error: 'expected a whole number' }).min(1, 'expected at least 1').nullish();
