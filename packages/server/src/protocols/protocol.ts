/** What every protocol beside A2A is made of: a projection of the event log and of `calls/`, in a folder that can be taken out. */
import type { Request, Response, Router } from 'express';
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import type { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { AgentCalls } from '../calls/agent-calls.js';
import type { CallerLimits } from '../platform/caller-limits.js';
import type { Config } from '../platform/config.js';
import type { Log } from '../platform/log.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { TasksService } from '../tasks/tasks-service.js';

/** What protocols work with. None keeps anything of its own: all that they tell is read from the log. */
export interface ProtocolParts {
  readonly config: Config;
  readonly registry: AgentRegistry;
  readonly calls: AgentCalls;
  readonly tasks: TasksService;
  /** Undefined where no sessions are kept: calls are then alone, each in a context of its own. */
  readonly sessions: SessionsService | undefined;
  readonly limits: CallerLimits;
  readonly log: Log;
}

export interface Protocol {
  /** Its folder. */
  readonly name: string;
  /** Where it is served, and below; the door has let callers in there, of keys for some agents alone any. */
  readonly paths: readonly string[];
  /** Where it says to everybody how to get in, and below. Default: nowhere. */
  readonly openPaths?: readonly string[];
  /** Its routes, from the root on; it passes on what isn't its own. What they throw is answered by `answerError`. */
  routes(parts: ProtocolParts): Router;
  /** In the protocol's own form. Nothing of the response has been sent. */
  answerError(error: ContinuoError, request: Request, response: Response, parts: ProtocolParts): void;
}
