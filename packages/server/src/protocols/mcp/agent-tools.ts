/** Agents as tools: their names, what they take and give as JSON Schema, and what is said to them in a call. */
import { z } from 'zod';
import type { RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { FunctionAgentBaseService } from '@continuo/agent/internal/agents/function-agent-base.service.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { jsonSchema, takesText, type JsonSchema } from '../../platform/json-schema.js';
import { envelopeSchema } from './envelope.js';

/** What a call of a tool says to an agent. */
export interface Said {
  readonly parts: readonly Part[];
  readonly sessionId?: string | undefined;
  /** The waiting task that it answers. */
  readonly taskId?: string | undefined;
}

export interface AgentTool {
  readonly name: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  /** Its results are the data of the agent alone, of the form that it declares. */
  readonly givesData: boolean;
  /** Throws INVALID_ARGUMENT, naming the argument. */
  read(input: unknown): Said;
}

const sessionId = z
  .string()
  .min(1)
  .max(256)
  .optional()
  .describe(
    'The conversation that this goes on with, as an earlier result names it, or a new name. Default: a new one.',
  );

/** The arguments of a tool that is talked to. */
const messageSchema = z.strictObject({
  message: z.string().min(1).describe('What to say to the agent.'),
  data: z.record(z.string(), z.unknown()).optional().describe('Structured input, where the agent takes any.'),
  sessionId,
  taskId: z.uuid().optional().describe('The task that asked a question, to answer it.'),
});

/** An underscore stands for the slash of `type/name`, which has none itself. */
export function toolName(agent: string): string {
  return agent.replace('/', '_');
}

export function toolOf({ key, agent }: RegisteredAgent): AgentTool {
  const { input, output } = FunctionAgentBaseService.schemasOf(agent) ?? {};
  const given = output === undefined ? {} : jsonSchema(output, 'output');
  const givesData = given['type'] === 'object';
  return { name: toolName(key), ...inputOf(input), outputSchema: givesData ? given : envelopeSchema, givesData };
}

type ToolInput = Pick<AgentTool, 'inputSchema' | 'read'>;

const anything = z.unknown();

function inputOf(schema: z.ZodType = anything): ToolInput {
  const json = jsonSchema(schema, 'input');
  if (json['type'] === 'object') return objectInput(schema, json);
  return takesText(json) ? messageInput(schema) : wrappedInput(schema);
}

function messageInput(schema: z.ZodType): ToolInput {
  return {
    inputSchema: jsonSchema(messageSchema, 'input'),
    read: (input) => {
      const { message, data, ...where } = parse(messageSchema, input ?? {}, 'arguments');
      parse(schema, data ?? message, data === undefined ? 'arguments.message' : 'arguments.data');
      return { parts: [{ text: message }, ...(data === undefined ? [] : [{ data }])], ...where };
    },
  };
}

/** What is no object is the argument `input`. */
function wrappedInput(schema: z.ZodType): ToolInput {
  const wrapped = z.strictObject({ input: schema, sessionId });
  return {
    inputSchema: jsonSchema(wrapped, 'input'),
    read: (input) => {
      const said = parse(wrapped, input ?? {}, 'arguments');
      // As it was given: the agent reads it again.
      return { parts: [{ data: isObject(input) ? input['input'] : undefined }], sessionId: said.sessionId };
    },
  };
}

/** A function's own arguments are the tool's, and beside them the session, unless it has one of its own by that name. */
function objectInput(schema: z.ZodType, json: JsonSchema): ToolInput {
  const properties = isObject(json['properties']) ? json['properties'] : {};
  const isOwn = 'sessionId' in properties;
  return {
    inputSchema: isOwn ? json : { ...json, properties: { ...properties, sessionId: jsonSchema(sessionId, 'input') } },
    read: (input) => {
      const { sessionId: named, ...rest } = isOwn ? {} : parse(z.looseObject({ sessionId }), input ?? {}, 'arguments');
      const data = isOwn ? (input ?? {}) : rest;
      parse(schema, data, 'arguments');
      return { parts: [{ data }], sessionId: isOwn ? undefined : named };
    },
  };
}
