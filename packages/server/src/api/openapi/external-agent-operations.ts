/** The operations on agents of other servers. */
import { z } from 'zod';
import type { CheckedCard } from '../../agents/external/check-card.js';
import type { ExternalAgentInfo } from '../../agents/external/connected-agents.js';
import { acceptedCard, cardQuestion, newConnection } from '../../agents/external/connection-options.js';
import type { ChangesOfCard } from '../../agents/external/known-cards.js';
import type { ExternalAgentList } from '../external-agents.controller.js';
import type { Operation } from './operation.js';
import { moment, name } from './shapes.js';

const externalAgentShape: z.ZodType<ExternalAgentInfo> = name(
  'ExternalAgent',
  z.object({
    name: z.string(),
    agent: z.string().describe('`external/<name>`, by which it is called.'),
    url: z.string().describe('The URL of its card.'),
    source: z
      .enum(['connected', 'environment'])
      .describe('`connected`: by an administrator, who can disconnect it. `environment`: by CONTINUO_EXTERNAL_AGENTS.'),
    headers: z.array(z.string()).describe('The names of the headers that go with each request, without their values.'),
    patienceMs: z.number().describe('Milliseconds that it may be away before a task of it fails.'),
    connectedBy: z.string().optional(),
    connectedAt: moment.optional(),
    problem: z.string().optional().describe('Why it can’t be used at present, as the instance sees it that answers.'),
    cardChanged: z
      .boolean()
      .describe(
        'Whether its card says something else than when it was connected or accepted last, as the instance has read it that answers: once a minute. Of those of the environment no card is kept.',
      ),
  }),
);

const externalAgentListShape: z.ZodType<ExternalAgentList> = name(
  'ExternalAgentList',
  z.object({ agents: z.array(externalAgentShape) }),
);

const checkedCardShape: z.ZodType<CheckedCard> = name(
  'CheckedCard',
  z.object({
    reachable: z.boolean().describe('Whether a card was read.'),
    usable: z.boolean().describe('Whether this server can call the agent as it is.'),
    card: z.string().describe('The URL of the card: where it was found, or where it was looked for.'),
    error: z.string().optional().describe('Why there is no card, or why the agent can’t be called.'),
    name: z.string().optional(),
    description: z.string().optional(),
    version: z.string().optional(),
    interfaces: z.array(
      z.object({
        url: z.string(),
        binding: z.string().describe('`JSONRPC`, `HTTP+JSON`, `GRPC`, or what the card says.'),
        version: z.string().describe('Of A2A.'),
        usable: z.boolean().describe('Whether this server can call the agent by it.'),
      }),
    ),
    streaming: z.boolean(),
    pushNotifications: z.boolean(),
    extensions: z.array(z.string()).describe('The URIs of its extensions.'),
    skills: z.array(z.string()).describe('The names of its skills.'),
    securitySchemes: z.array(z.string()).describe('The names of the security schemes of which it needs one.'),
    signature: z
      .object({
        state: z.enum(['trusted', 'unsigned', 'untrusted', 'unknown']),
        required: z.boolean().describe('Agents without a trusted signature are not called (CONTINUO_CARD_SIGNATURES).'),
        reason: z.string().optional(),
      })
      .optional(),
    flaws: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .describe('What is wrong with the fields of the card, whether that matters here or not.'),
  }),
);

const changesOfCardShape: z.ZodType<ChangesOfCard> = name(
  'ChangesOfCard',
  z.object({
    knownAt: moment.optional().describe('Since when the known card is known; absent while none is.'),
    changed: z.boolean(),
    digest: z.string().optional().describe('Of the card as it is now, by which it is accepted; absent with `error`.'),
    error: z.string().optional().describe('Why the card can’t be read now.'),
    changes: z
      .array(
        z.object({
          field: z.string().describe('Its path: `skills[search].description`.'),
          before: z.string().optional().describe('Absent when the field is new.'),
          after: z.string().optional().describe('Absent when the field is gone.'),
        }),
      )
      .describe(
        'Texts are cut at 1,000 characters, fields are 300 at most: a card that changed beyond that has changed without any.',
      ),
  }),
);

export const externalAgentOperations: readonly Operation[] = [
  {
    id: 'listExternalAgents',
    access: 'admin',
    method: 'get',
    path: '/external-agents',
    summary: 'The agents of other servers, by name',
    answer: externalAgentListShape,
  },
  {
    id: 'connectAgent',
    access: 'admin',
    idempotent: true,
    statuses: [201],
    errors: ['AGENT_EXISTS', 'QUOTA_EXCEEDED', 'UNSUPPORTED_OPERATION'],
    description:
      'Its card is read first. It can be called at once where the answer comes from, and from all other instances within a second or two. It stays connected over restarts.',
    method: 'post',
    path: '/external-agents',
    summary: 'Connect an agent of another server, as `external/<name>`',
    body: newConnection,
    answer: externalAgentShape,
  },
  {
    id: 'checkAgent',
    access: 'admin',
    description: 'What is wrong is the answer, with status 200. Nothing is kept.',
    method: 'post',
    path: '/external-agents/check',
    summary: 'What is at the address of a remote agent, and whether it can be called',
    body: cardQuestion,
    answer: checkedCardShape,
  },
  {
    id: 'getCardChanges',
    access: 'admin',
    errors: ['AGENT_NOT_FOUND'],
    description: 'The card is read now. That it can’t be is the answer, with status 200.',
    method: 'get',
    path: '/external-agents/{name}/card',
    summary: 'What the card of a connected agent says otherwise than the known one',
    answer: changesOfCardShape,
  },
  {
    id: 'acceptCard',
    access: 'admin',
    errors: ['AGENT_NOT_FOUND', 'UNSUPPORTED_OPERATION'],
    description: 'The card is read once more: one with another digest is refused (`INVALID_ARGUMENT`, `digest`).',
    method: 'post',
    path: '/external-agents/{name}/card',
    summary: 'Accept the card of a connected agent as the known one',
    body: acceptedCard,
  },
  {
    id: 'disconnectAgent',
    access: 'admin',
    errors: ['AGENT_NOT_FOUND', 'UNSUPPORTED_OPERATION'],
    description:
      'New calls are refused. Its tasks that work are held until an agent of this name is connected again; those that wait for an answer wait on.',
    method: 'delete',
    path: '/external-agents/{name}',
    summary: 'Disconnect an agent',
  },
];
