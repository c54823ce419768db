/** The operations on agents of other servers. */
import { z } from 'zod';
import type { CheckedCard } from '../../agents/external/check-card.js';
import type { ExternalAgentInfo } from '../../agents/external/connected-agents.js';
import { cardQuestion, newConnection } from '../../agents/external/connection-options.js';
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
