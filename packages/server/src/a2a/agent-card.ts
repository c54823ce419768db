/** An agent's card: what it says about itself, where it is found, and that it keeps sessions and reports progress. */
import { AgentCard } from '@a2a-js/sdk';
import type { AgentDescription } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { FunctionAgentBaseService } from '@continuo/agent/internal/agents/function-agent-base.service.js';
import {
  CLIENT_TOOLS_EXTENSION,
  INPUT_EXTENSION,
  PROGRESS_EXTENSION,
  SESSIONS_EXTENSION,
  TASKS_EXTENSION,
} from '@continuo/agent/internal/tasks/task.js';
import { jsonSchema, takesText, type JsonSchema } from '../platform/json-schema.js';
import { HIGHEST_PRIORITY, LOWEST_PRIORITY } from '../calls/task-timing.js';
import type { Principal } from '../auth/principal.js';
import { DEFAULT_PRIORITY } from '../runs/queue-rows.js';
import { security, securityOfBoth, type CardAuth } from '../auth/security-schemes.js';

export const SUPPORTED_VERSIONS = ['1.0', '0.3'] as const;

export interface CardContext {
  /** Where clients reach this server, without a slash at the end. */
  readonly baseUrl: string;
  /** The same over gRPC, `host:port`; undefined where that is not served. */
  readonly grpcAddress: string | undefined;
  readonly sessions: boolean;
  readonly auth: CardAuth;
  /** Whether it is shown to somebody who has proved who they are. Default: false. */
  readonly isKnown?: boolean;
}

/** Who asks, and what they may do: on the extended card. */
const CALLER_EXTENSION = 'urn:continuo:a2a:caller:v1';

/** An agent, as far as its card goes; one that is not here has no `agent`. */
type Described = Pick<RegisteredAgent, 'key' | 'description'> & Partial<Pick<RegisteredAgent, 'agent'>>;

function agentUrl({ key }: Described, baseUrl: string): string {
  return `${baseUrl}/agents/${key}`;
}

/** The card as A2A v1.0 has it; with `principal` the extended one. */
export function agentCard(
  agent: Described,
  { baseUrl, grpcAddress, sessions, auth, isKnown = false }: CardContext,
  principal?: Principal,
): AgentCard {
  const { description } = agent;
  const schema = schemaOfData(agent);
  const url = agentUrl(agent, baseUrl);
  return AgentCard.fromJSON({
    name: description.displayName ?? agent.key,
    description: description.description,
    version: description.version,
    supportedInterfaces: SUPPORTED_VERSIONS.flatMap((protocolVersion) => [
      ...['JSONRPC', 'HTTP+JSON'].map((protocolBinding) => ({ url, protocolBinding, protocolVersion })),
      ...(grpcAddress === undefined || protocolVersion !== '1.0'
        ? []
        : // One port for all agents: clients send the tenant back with each request (A2A section 8.3.2).
          [{ url: grpcAddress, protocolBinding: 'GRPC', protocolVersion, tenant: agent.key }]),
    ]),
    provider: description.provider ?? { organization: 'Continuo', url: baseUrl },
    iconUrl: description.iconUrl,
    documentationUrl: description.documentationUrl,
    capabilities: {
      streaming: description.streaming,
      pushNotifications: description.pushNotifications,
      extendedAgentCard: auth.schemes.length > 0,
      extensions: [
        ...(sessions
          ? [
              {
                uri: SESSIONS_EXTENSION,
                description:
                  'Messages with the same contextId are one conversation, which the agent remembers. A call opts out ' +
                  'with metadata { stateless: true } under this URI.',
                required: false,
                params: { optOut: true, api: `${baseUrl}/sessions` },
              },
            ]
          : []),
        {
          uri: PROGRESS_EXTENSION,
          description:
            'Task and status metadata carry { fraction: 0..1, stage, parentTaskId?, rootTaskId? } under this URI, and ' +
            'tasks createdAt (ISO 8601) as well; streams carry SSE ids (over gRPC eventId) and resume with Last-Event-ID.',
          required: false,
          params: { resumable: true, events: `${baseUrl}/tasks/{id}/events` },
        },
        {
          uri: TASKS_EXTENSION,
          description:
            'A call says when its task may begin, and before which others, with metadata { startAt: ISO 8601, ' +
            'priority: a whole number, lower first } under this URI.',
          required: false,
          params: {
            priority: { first: HIGHEST_PRIORITY, last: LOWEST_PRIORITY, default: DEFAULT_PRIORITY },
            ...(description.limits === undefined ? {} : { limits: description.limits }),
          },
        },
        ...(description.clientTools
          ? [
              {
                uri: CLIENT_TOOLS_EXTENSION,
                description:
                  'A call offers tools of its client with metadata { tools: [{ name, description?, inputSchema? }] } under ' +
                  'this URI. A question with it among its extensions asks for their results: it has a data part ' +
                  '{ toolCalls: [{ id, name, arguments }] }, and is answered with { toolResults: { <id>: { output } } }, or ' +
                  '{ error } instead of { output }.',
                required: false,
              },
            ]
          : []),
        ...(schema === undefined
          ? []
          : [
              {
                uri: INPUT_EXTENSION,
                description:
                  'The agent takes data that fits the JSON Schema (2020-12) in params, and fails tasks with others. ' +
                  'A question has the schema of its answers in metadata { schema, expiresAt? } under this URI.',
                required: false,
                params: { schema },
              },
            ]),
        ...description.extensions,
        ...(principal === undefined
          ? []
          : [
              {
                uri: CALLER_EXTENSION,
                description: 'Who asks for this card: the owner of what they make here, and what they may do.',
                required: false,
                params: { ...principal.caller, scopes: principal.scopes },
              },
            ]),
      ],
    },
    ...security(auth),
    defaultInputModes: description.inputModes,
    defaultOutputModes: description.outputModes,
    // Without authentication everybody who comes is known: it is the user of this machine.
    skills: skillsOf(description, isKnown || principal !== undefined || auth.schemes.length === 0),
  });
}

/** Of an agent that is a typed function; one that can be talked to needs none. */
function schemaOfData({ agent }: Described): JsonSchema | undefined {
  const { input } = FunctionAgentBaseService.schemasOf(agent) ?? {};
  const schema = input === undefined ? {} : jsonSchema(input, 'input');
  return takesText(schema) ? undefined : schema;
}

/** A2A wants at least one skill, with at least one tag (section 5.7). */
function skillsOf({ type, name, displayName, description, skills }: AgentDescription, isKnown: boolean) {
  const shown = skills.filter(({ visibleTo }) => isKnown || visibleTo === 'everyone');
  const derived = { id: name, name: displayName ?? name, description, tags: [] };
  const all = shown.length > 0 ? shown : [derived];
  return all.map((skill) => ({ ...skill, tags: skill.tags.length > 0 ? skill.tags : [type] }));
}

/**
 * As it goes over the wire: one card for clients of 1.0 and of 0.3, who ask for it in the same way, some without a version.
 * Each passes over what is the other's.
 */
export function agentCardJson(agent: Described, context: CardContext): Readonly<Record<string, unknown>> {
  const json = AgentCard.toJSON(agentCard(agent, context)) as Readonly<Record<string, unknown>>;
  return { ...json, ...oldFields(agentUrl(agent, context.baseUrl), context.auth) };
}

/** What a card of A2A 0.3 must have (0.3, section 5.5), and how it says who may call. */
function oldFields(url: string, auth: CardAuth) {
  return {
    url,
    protocolVersion: '0.3.0',
    preferredTransport: 'JSONRPC',
    additionalInterfaces: ['JSONRPC', 'HTTP+JSON'].map((transport) => ({ url, transport })),
    supportsAuthenticatedExtendedCard: auth.schemes.length > 0,
    ...securityOfBoth(auth),
  };
}
