/** `initialize`: what this server can do, and a session whose id says what the client can. */
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { version } from '../../platform/version.js';
import type { McpCall } from './call.js';
import { newestVersion, newSessionId, protocolVersion, SESSION_HEADER } from './client.js';

/** An elicitation that names no mode has forms (elicitation, "Capabilities"). */
const paramsSchema = z.object({
  protocolVersion: z.string(),
  capabilities: z.object({
    elicitation: z.object({ form: z.unknown().optional(), url: z.unknown().optional() }).optional(),
  }),
});

const INSTRUCTIONS =
  'Each tool is an agent. A result names its sessionId: pass it on to go on with the conversation. When an agent asks ' +
  'something, the result has the question, and the tool "answer" with its taskId gives the answer.';

export function initialize({ params, response }: McpCall) {
  const { protocolVersion: wanted, capabilities } = parse(paramsSchema, params ?? {}, 'params');
  const { elicitation } = capabilities;
  const elicits = elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
  response.setHeader(SESSION_HEADER, newSessionId(elicits));
  return {
    protocolVersion: protocolVersion(wanted) ?? newestVersion,
    capabilities: {
      tools: {},
      resources: {},
      tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
    },
    serverInfo: { name: 'continuo', title: 'Continuo', version },
    instructions: INSTRUCTIONS,
  };
}
