/** What OpenAI's two APIs ask of the probabilities of tokens. */
import { z } from 'zod';

/** Why nothing of the kind can be had. */
export const NO_LOGPROBS = 'an agent has no log probabilities';

export const topLogprobs = z.literal(0, { error: `expected 0: ${NO_LOGPROBS}` }).nullish();
