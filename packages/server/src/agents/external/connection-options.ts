/** What administrators may say of a remote agent that they connect, or have checked. */
import { z } from 'zod';
import { AGENT_SEGMENT } from '@continuo/agent/internal/platform/agent-name.js';
import { HEADER_NAME, HEADER_VALUE, PATIENCE_MS } from '../../platform/external-agents.js';
import { onlyFields } from '../../platform/known-fields.js';

const URL_CHARACTERS = 2_048;
const MOST_HEADERS = 20;
const NAME_CHARACTERS = 100;
const VALUE_CHARACTERS = 4_096;
/** They are the connection's or the message's own. */
const OWN_HEADERS = /^(host|connection|content-length|content-type|transfer-encoding|upgrade|te|trailer|expect)$/i;

const url = z
  .string()
  .min(1)
  .max(URL_CHARACTERS)
  .describe("The URL of the agent's card, or of its server: then the card is looked for where A2A has it.");
const headers = z
  .record(
    HEADER_NAME.max(NAME_CHARACTERS).refine(
      (name) => !OWN_HEADERS.test(name),
      'expected a header that is not of the connection itself',
    ),
    z
      .string()
      .min(1)
      .max(VALUE_CHARACTERS)
      .regex(HEADER_VALUE, 'expected characters that a header may hold')
      .refine(
        (value) => !/\benv:\w/.test(value),
        'expected the value itself: env:NAME is for CONTINUO_EXTERNAL_AGENTS',
      ),
  )
  .refine((all) => Object.keys(all).length <= MOST_HEADERS, `expected at most ${MOST_HEADERS} headers`)
  .describe('Sent with every request to the agent, the one for its card included. No answer shows the values.');

export const newConnection = onlyFields({
  name: z
    .string()
    .regex(AGENT_SEGMENT, 'expected lower-case letters, digits and dashes')
    .describe('The agent is `external/<name>`.'),
  url,
  headers: headers.nullish(),
  patienceMs: PATIENCE_MS.nullish().describe(
    'Milliseconds that the agent may be away before a task of it fails. Default: ten minutes.',
  ),
});

export const cardQuestion = onlyFields({ url, headers: headers.nullish() });

export const acceptedCard = onlyFields({
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected the digest of a card')
    .describe('Of the card that was looked at: one that has changed since is not accepted.'),
});

export type NewConnection = z.output<typeof newConnection>;
