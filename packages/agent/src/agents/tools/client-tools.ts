/** Tools of clients: what a call offers the model beside the agent's own, and how its client is asked to run them. */
import { z } from 'zod';
import { messageOf } from '../../platform/errors.js';
import { isObject } from '../../platform/json-object.js';
import { listOf } from '../../platform/lists.js';
import { inWords } from '../../platform/parse.js';
import type { Message } from '../../sessions/message.js';
import { CLIENT_TOOLS_EXTENSION } from '../../tasks/task.js';
import type { ToolCall } from '../models/ask-model.js';
import type { JsonSchema, TaskContext } from '../task-context.js';
import { TaskRejectedError } from '../task-rejected.js';
import { foldedSchema } from './mcp/fold-schema.js';
import { cutResult, MOST_CHARACTERS, type ToolResult } from './run-tool.js';
import type { AgentTool } from './tool.js';

const inputSchema = z.record(z.string(), z.unknown()).check((context) => {
  const flaw = flawOf(context.value);
  if (flaw !== undefined) context.issues.push({ code: 'custom', input: context.value, message: flaw });
});

/** A tool that a client offers. */
export const clientToolSchema = z.object({
  name: z.string().regex(/^[\w-]{1,64}$/, 'expected 1 to 64 letters, digits, dashes and underscores'),
  description: z.string().nullish(),
  inputSchema: inputSchema.nullish(),
});

/** At most so many, each under a name of its own. */
export const clientToolsSchema = listOf(clientToolSchema, { max: 128 }).refine(
  (tools) => new Set(tools.map(({ name }) => name)).size === tools.length,
  {
    error: 'expected each name once',
  },
);

const offerSchema = z.object({ tools: clientToolsSchema });

/** The tools that the task's call offers. Throws TaskRejectedError for what can't be offered beside the agent's `own`. */
export function clientToolsOf(
  { metadata }: Pick<TaskContext, 'metadata'>,
  own: Readonly<Record<string, AgentTool>>,
): Readonly<Record<string, AgentTool>> {
  const offer = metadata[CLIENT_TOOLS_EXTENSION];
  if (offer === undefined) return {};
  const parsed = offerSchema.safeParse(offer);
  if (!parsed.success) throw new TaskRejectedError(`The tools of the client can't be used: ${inWords(parsed.error)}`);
  const { tools } = parsed.data;
  const taken = tools.find(({ name }) => Object.hasOwn(own, name));
  if (taken !== undefined) {
    throw new TaskRejectedError(`The agent has a tool ${taken.name} of its own: give the client's another name.`);
  }
  return Object.fromEntries(tools.map((tool) => [tool.name, toAgentTool(tool)]));
}

function flawOf(schema: JsonSchema): string | undefined {
  const expected = 'expected the JSON Schema of an object';
  try {
    return ownSchema(schema) === undefined ? expected : undefined;
  } catch (error) {
    return `${expected}: ${messageOf(error)}`;
  }
}

/** As models take it. Throws TerminalError for one that is too large; undefined for what no object fits. */
function ownSchema(schema: JsonSchema): JsonSchema | undefined {
  const { type = 'object' } = schema;
  return type === 'object' ? foldedSchema({ ...schema, type }) : undefined;
}

function toAgentTool({ description, inputSchema: schema }: z.output<typeof clientToolSchema>): AgentTool {
  return {
    description: description ?? '',
    inputSchema: ownSchema(schema ?? {}) ?? { type: 'object' },
    inStep: false,
    isOfClient: true,
    run: () => {
      throw new Error('The client runs it.');
    },
  };
}

/** A call that the client is asked to carry out. */
export interface ClientCall {
  /** Its own within the task. */
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
}

const callSchema = z.object({ id: z.string(), name: z.string(), arguments: z.unknown() });
const resultSchema = z.strictObject({ output: z.unknown().optional(), error: z.string().optional() });

/** Asks for all of them in one question, and waits as long as that takes. The results are in the order of the calls. */
export async function askClient(
  task: TaskContext,
  calls: readonly (Pick<ToolCall, 'name' | 'input'> & { readonly id: string })[],
): Promise<readonly ToolResult[]> {
  const names = [...new Set(calls.map(({ name }) => name))].join(', ');
  const toolCalls: readonly ClientCall[] = calls.map(({ id, name, input }) => ({ id, name, arguments: input }));
  const results = z.strictObject(Object.fromEntries(calls.map(({ id }) => [id, resultSchema])));
  const { data } = await task.requestInput(
    [{ text: `${task.agent} asks its client to run: ${names}.` }, { data: { toolCalls } }],
    { schema: z.strictObject({ toolResults: results }), extensions: [CLIENT_TOOLS_EXTENSION] },
  );
  return calls.map(({ id }) => {
    const { output = null, error } = data.toolResults[id] ?? {};
    return cutResult(error === undefined ? { output } : { error }, MOST_CHARACTERS);
  });
}

/** What a message of an agent asks its client to run; empty for every other. */
export function clientCallsIn({ role, extensions = [], parts }: Message): readonly ClientCall[] {
  if (role !== 'ROLE_AGENT' || !extensions.includes(CLIENT_TOOLS_EXTENSION)) return [];
  return parts.flatMap(({ data }) => {
    const parsed = z.array(callSchema).safeParse(isObject(data) ? data['toolCalls'] : undefined);
    return parsed.success ? parsed.data : [];
  });
}

/** Without what agents and clients have said to each other about tools, which the memory of tools tells. */
export function withoutClientCalls(history: readonly Message[]): readonly Message[] {
  const asking = new Set<string | undefined>();
  return history.filter((message) => {
    if (clientCallsIn(message).length === 0) return message.role === 'ROLE_AGENT' || !asking.delete(message.taskId);
    asking.add(message.taskId);
    return false;
  });
}
