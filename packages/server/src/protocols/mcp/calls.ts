/** `tools/call`: what is said to an agent, or answers it, becomes a turn of a task; the same call becomes the same task. */
import { z } from 'zod';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { httpStatusOf } from '../../platform/http-errors.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../../calls/idempotency.js';
import type { Caller } from '../../platform/caller.js';
import { addressOf } from '../../platform/host-header.js';
import { agentsFor, callerFor, taskFor } from '../named-agent.js';
import type { Turn, TurnTaken } from '../turns.js';
import { toolName, toolOf } from './agent-tools.js';
import { ANSWER_TOOL, readAnswer } from './answer-tool.js';
import type { McpCall } from './call.js';
import { INVALID_PARAMS, refusal } from './errors.js';
import { requestIdSchema, type RequestId } from './messages.js';
import { failedCall, type ToolResult } from './results.js';

const paramsSchema = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  /** The client wants to ask for the result later. `ttl` is a wish: tasks are kept as the server keeps them. */
  task: z.object({ ttl: z.number().nullish() }).optional(),
  _meta: z.object({ progressToken: requestIdSchema.optional() }).optional(),
});

export interface BegunCall {
  readonly caller: Caller;
  readonly taken: TurnTaken;
  readonly progressToken: RequestId | null;
  readonly asTask: boolean;
}

/**
 * Resolves when the message is stored, or with the result of a call that says how it could be made right.
 * Throws what else may go wrong, and -32602 for an unknown tool.
 */
export async function beginCall(call: McpCall): Promise<BegunCall | ToolResult> {
  const params = parse(paramsSchema, call.params, 'params');
  try {
    const { caller, turn } = await turnOf(call, params.name, params.arguments);
    const taken = await call.turns.take(caller, turn);
    return {
      caller,
      taken,
      progressToken: params['_meta']?.progressToken ?? null,
      asTask: params.task !== undefined,
    };
  } catch (error) {
    // Who asks for a task has no place for a result yet.
    if (params.task === undefined && isForTheModel(error)) return failedCall(error.message);
    throw error;
  }
}

/** The id of the task that the call begins: whoever knows the call knows its task. Undefined outside of a session of MCP's. */
export function taskIdOf({ tenant, owner }: Caller, sessionId: string | undefined, id: RequestId): string | undefined {
  if (sessionId === undefined) return undefined;
  return derivedId(`task of an MCP call ${JSON.stringify([tenant, owner, sessionId, id])}`);
}

async function turnOf(
  call: McpCall,
  name: string,
  input: unknown,
): Promise<{ readonly caller: Caller; readonly turn: Turn }> {
  const { request, parts, client, id } = call;
  const requestUrl = (): string => addressOf(request);
  const onceBy = idempotencyKey(request.get(IDEMPOTENCY_KEY));
  if (name === ANSWER_TOOL) {
    const { taskId, parts: said } = readAnswer(input);
    const { caller, at } = await taskFor(request, 'write', { tasks: parts.tasks, id: taskId });
    const messageId = messageIdOf(taskIdOf(caller, client.sessionId, id));
    return {
      caller,
      turn: { agent: at.agent, taskId, parts: said, messageId, options: { requestUrl, idempotencyKey: onceBy } },
    };
  }
  const agent = agentsFor(request, parts.registry).find(({ key }) => toolName(key) === name);
  if (agent === undefined) throw refusal(INVALID_PARAMS, 'AGENT_NOT_FOUND', `Unknown tool: ${name}`);
  const caller = callerFor(request, 'write', agent.key);
  const said = toolOf(agent).read(input);
  const taskId = taskIdOf(caller, client.sessionId, id);
  const begins = said.sessionId === undefined && said.taskId === undefined;
  const own = begins && taskId !== undefined ? derivedId(`session of ${taskId}`) : undefined;
  return {
    caller,
    turn: {
      agent: agent.key,
      contextId: said.sessionId ?? own,
      begins,
      taskId: said.taskId,
      parts: said.parts,
      messageId: messageIdOf(taskId),
      options: { requestUrl, idempotencyKey: onceBy, ...(taskId === undefined ? {} : { taskId }) },
    },
  };
}

function messageIdOf(taskId: string | undefined): string | undefined {
  return taskId === undefined ? undefined : derivedId(`message of ${taskId}`);
}

/** What another call would make right is told to the model, as a result (tools, "Error Handling"). */
function isForTheModel(error: unknown): error is ContinuoError {
  if (!(error instanceof ContinuoError) || error.code === 'AGENT_NOT_FOUND') return false;
  return [400, 404, 409, 413, 415].includes(httpStatusOf(error));
}
