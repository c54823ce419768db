/** MCP: agents as tools, for every client that speaks it. */
import { Router } from 'express';
import type { Protocol } from '../protocol.js';
import { McpEndpoint } from './endpoint.js';
import { answerMcpError } from './errors.js';
import { METADATA_PATH, protectedResource } from './protected-resource.js';

const PATH = '/mcp';

export const mcp: Protocol = {
  name: 'mcp',
  paths: [PATH],
  openPaths: [METADATA_PATH],
  routes: (parts) => {
    const endpoint = new McpEndpoint(parts);
    const router = Router();
    router.get([METADATA_PATH, `${METADATA_PATH}${PATH}`], protectedResource(parts.config));
    router.post(PATH, (request, response) => endpoint.post(request, response));
    router.get(PATH, (request, response) => endpoint.resume(request, response));
    router.all(PATH, (request, response, next) => {
      if (request.method === 'OPTIONS') next();
      else McpEndpoint.refuse(request, response);
    });
    return router;
  },
  answerError: answerMcpError,
};
