/** The protocols beside A2A that are served, each at its paths. */
import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { pathsBelow } from '../platform/in-turn.js';
import { requestIdOf, tellOfRefusal } from '../platform/refusal-log.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import { agUi } from './ag-ui/ag-ui.js';
import { aiSdk } from './ai-sdk/ai-sdk.js';
import { mcp } from './mcp/mcp.js';
import { openAI } from './openai/openai.js';
import type { Protocol, ProtocolParts } from './protocol.js';

/** To take one out, delete its line, and its folder. */
const protocols: readonly Protocol[] = [openAI, mcp, agUi, aiSdk];

/** What is below these is for callers whom the door has let in. */
export const protocolPaths: readonly string[] = protocols.flatMap(({ paths }) => paths);

/** What is below these is for everybody. */
export const openProtocolPaths: readonly string[] = protocols.flatMap(({ openPaths = [] }) => openPaths);

export interface ProtocolEndpoints {
  readonly router: Router;
  /** Answers a request for one of their paths that failed, there or before. */
  readonly fail: (error: unknown, request: Request, response: Response) => void;
}

export function protocolEndpoints(parts: ProtocolParts): ProtocolEndpoints {
  const served = protocols.map((protocol) => {
    const { paths, openPaths = [] } = protocol;
    return { ...protocol, has: pathsBelow([...paths, ...openPaths]) };
  });
  const fail: ProtocolEndpoints['fail'] = (thrown, request, response) => {
    const error = toContinuoError(thrown);
    tellOfRefusal(error, requestIdOf(request), parts.log);
    // A stream that breaks off: the client notices, and resumes where it was.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
    served.find(({ has }) => has(request.path))?.answerError(error, request, response, parts);
  };
  const failed: ErrorRequestHandler = (thrown, request, response, _next) => fail(thrown, request, response);
  const router = Router();
  for (const protocol of served) {
    const routes = Router().use(protocol.routes(parts)).use(failed);
    router.use((request, response, next) => (protocol.has(request.path) ? routes(request, response, next) : next()));
  }
  return { router, fail };
}
