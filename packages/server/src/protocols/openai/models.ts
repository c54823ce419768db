/** `/v1/models`: the agents that the caller may call, each a model named `type/name`. */
import { Router, type Request } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { agentsFor, anyCaller } from '../named-agent.js';
import type { ProtocolParts } from '../protocol.js';

interface Model {
  readonly id: string;
  readonly object: 'model';
  /** Seconds since 1970. Agents have no such time. */
  readonly created: 0;
  readonly owned_by: string;
}

export function modelRoutes({ registry }: Pick<ProtocolParts, 'registry'>): Router {
  const models = (request: Request): readonly Model[] => {
    anyCaller(request, 'read');
    return agentsFor(request, registry).map(({ key, description }) => ({
      id: key,
      object: 'model',
      created: 0,
      owned_by: description.type,
    }));
  };
  const router = Router();
  router.get('/', (request, response) => {
    response.json({ object: 'list', data: models(request) });
  });
  // Clients send the slash of `type/name` as it is, or as %2F.
  router.get('/*key', (request, response) => {
    const key = [request.params['key']].flat().join('/');
    const model = models(request).find(({ id }) => id === key);
    if (model === undefined) {
      throw new ContinuoError('AGENT_NOT_FOUND', `There is no agent "${key}".`, { field: 'model' });
    }
    response.json(model);
  });
  return router;
}
