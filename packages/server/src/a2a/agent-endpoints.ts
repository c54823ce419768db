/** All agents on HTTP: `/agents/:type/:name` and below, and the cards. */
import { Router, type Request, type RequestHandler } from 'express';
import type { AgentCalls } from '../calls/agent-calls.js';
import { agentOptionsSchema } from '../agents/a2a-agent.js';
import type { AgentRegistry } from '../agents/agent-registry.js';
import { callerOf, principalOf } from '../auth/principal.js';
import type { CallerLimits } from '../platform/caller-limits.js';
import { ContinuoError } from '../platform/errors.js';
import { JSON_TYPES, jsonReader, type BodyLimits } from '../platform/json-body.js';
import type { Log } from '../platform/log.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { PushConfigsService } from '../webhooks/push-configs.service.js';
import { agentCard, agentCardJson, type CardAuth } from './agent-card.js';
import { answerErrors } from './answer-error.js';
import { addressOf } from '../platform/host-header.js';
import { requestOf } from './call-context.js';
import { DurableRequestHandler } from './durable-request-handler.js';
import { jsonRpcEndpoint } from './json-rpc-endpoint.js';
import { sendFramesEvery } from './responses.js';
import { restEndpoint } from './rest-endpoint.js';

const CARD = '.well-known/agent-card.json';
/** Below these is what this file serves. */
export const AGENT_PATHS = ['/agents', `/${CARD}`] as const;
const ORCHESTRATOR = 'orchestrator/default';

export interface AgentEndpointsOptions extends BodyLimits {
  readonly registry: AgentRegistry;
  readonly calls: AgentCalls;
  readonly tasks: TasksService;
  readonly pushConfigs: PushConfigsService;
  /** Where clients reach the server; undefined: where the request came to. */
  readonly publicUrl: string | undefined;
  readonly sessions: boolean;
  readonly auth: CardAuth;
  /** Lets callers in; what comes before it is public. */
  readonly enter: RequestHandler;
  readonly sseHeartbeatMs: number;
  readonly blockingTimeoutMs: number;
  readonly limits: CallerLimits;
  readonly log: Log;
}

/** Passes on what is no agent's: unknown agents, and the paths of the API. */
export function agentEndpoints(options: AgentEndpointsOptions): RequestHandler {
  const router = Router();
  const { registry } = options;
  const cardContext = (request?: Request) => ({
    baseUrl: options.publicUrl ?? (request === undefined ? '' : addressOf(request)),
    sessions: options.sessions,
    auth: options.auth,
  });
  const sendFrames = sendFramesEvery(options.sseHeartbeatMs);
  const endpoints = new Map<string, RequestHandler>();
  const endpointOf = (key: string): RequestHandler => {
    const known = endpoints.get(key);
    if (known !== undefined) return known;
    const handler = new DurableRequestHandler({
      ...options,
      agent: key,
      card: () => agentCard(registry.has(key) ? registry.get(key) : elsewhere(key), cardContext()),
      extendedCard:
        options.auth.schemes.length === 0
          ? undefined
          : (context) => {
              const request = requestOf(context);
              return agentCard(registry.get(key), cardContext(request), principalOf(request));
            },
    });
    const endpoint = Router().use(jsonRpcEndpoint(handler, sendFrames), restEndpoint(handler, sendFrames));
    endpoints.set(key, endpoint);
    return endpoint;
  };

  router.get(`/${CARD}`, (request, response, next) => {
    if (!registry.has(ORCHESTRATOR)) return next();
    response.json(agentCardJson(registry.get(ORCHESTRATOR), cardContext(request)));
  });
  router.get(`/agents/:type/:name/${CARD}`, (request, response) => {
    const agent = registry.get(`${request.params.type}/${request.params.name}`);
    response.json(agentCardJson(agent, cardContext(request)));
  });
  router.use('/agents', options.enter);
  router.get('/agents', (request, response) => {
    callerOf(request, 'read');
    const agents = registry.list().map((agent) => {
      const { type, name, internal } = agent.description;
      return { type, name, internal, card: agentCardJson(agent, cardContext(request)) };
    });
    response.json({ agents });
  });
  const readJson = jsonReader(options);
  router.use('/agents/:type/:name', async (request, response, next) => {
    const key = `${request.params.type}/${request.params.name}`;
    // Who has tasks of an agent that only other instances have, or none any more, can read, answer and cancel them.
    if (!registry.has(key) && !(await options.tasks.hasOf(principalOf(request).caller, key))) {
      // The API knows who shares what with the caller.
      if (request.query['owner'] !== undefined) return next();
      registry.get(key);
    }
    refuseOtherThanJson(request);
    await readJson(request, response);
    await endpointOf(key)(request, response, next);
  });
  router.use(answerErrors(options.log));
  return router;
}

/** What is said here of an agent that this instance lacks. */
function elsewhere(key: string) {
  const [type, name] = key.split('/');
  return { key, description: agentOptionsSchema.parse({ type, name, description: 'An agent of other instances.' }) };
}

/** Throws CONTENT_TYPE_NOT_SUPPORTED for a body that would be passed over in silence. */
function refuseOtherThanJson(request: Request): void {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  const empty = encoding === undefined && Number(length ?? 0) === 0;
  if (empty || request.is([...JSON_TYPES]) !== false) return;
  throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', 'The body must be JSON, sent as application/json.', {
    field: 'Content-Type',
    expected: 'application/json',
  });
}
