/** What a request says of its response: kept with the message, as whoever retrieves the response is told the same. */
import { z } from 'zod';
import type { Message } from '@continuo/agent/internal/sessions/message.js';

/** In the metadata of messages: what of `Wishes` isn't as in a request without any. */
export const OPENAI_EXTENSION = 'urn:continuo:a2a:openai:v1';

export interface Wishes {
  readonly background: boolean;
  /** Whether the response can be retrieved, cancelled and gone on behind. */
  readonly store: boolean;
  readonly maxOutputTokens?: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly previousResponseId?: string | undefined;
}

// Anybody may write metadata: what isn't as it should be counts for nothing.
const kept = z.object({
  background: z.boolean().catch(false),
  store: z.boolean().catch(true),
  maxOutputTokens: z.number().int().positive().optional().catch(undefined),
  metadata: z.record(z.string(), z.string()).catch({}),
  previousResponseId: z.string().optional().catch(undefined),
});

/** `metadata`: what a message has under OPENAI_EXTENSION. */
export function wishesIn(metadata: unknown): Wishes {
  return kept.parse(typeof metadata === 'object' && metadata !== null ? metadata : {});
}

/** Of a message that is sent with them; undefined where there is nothing to keep. */
export function messageMetadata(wishes: Wishes): Message['metadata'] {
  const { background, store, maxOutputTokens, metadata, previousResponseId } = wishes;
  const said = {
    ...(background && { background }),
    ...(!store && { store }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(previousResponseId !== undefined && { previousResponseId }),
  };
  return Object.keys(said).length === 0 ? undefined : { [OPENAI_EXTENSION]: said };
}
