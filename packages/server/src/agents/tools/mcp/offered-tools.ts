/** What an MCP server says that its tools are, one by one: a bad one is left out, and the others stay. */
import { ToolAnnotationsSchema, type ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { JsonSchema } from '@continuo/agent/internal/agents/task-context.js';
import { foldedSchema } from '@continuo/agent/internal/agents/tools/mcp/fold-schema.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { cut, wellFormed } from '@continuo/agent/internal/platform/text.js';
import { checkOf } from './schema-check.js';

export interface OfferedTool {
  /** The server's own. */
  readonly name: string;
  readonly description: string;
  /** Of an object, with nothing at its top that a provider refuses. */
  readonly inputSchema: JsonSchema;
  /** Says how the structured content of a result doesn't fit; undefined for a tool that declares no form of it. */
  readonly misfit?: (value: unknown) => string | undefined;
  readonly annotations: ToolAnnotations;
}

export interface LeftOut {
  readonly tool: string;
  readonly reason: string;
}

/** Every prompt of every turn has them: what is longer would leave a model no room for anything else. */
const MOST_OF_A_DESCRIPTION = 10_000;
const MOST_OF_A_SCHEMA = 100_000;

const objectSchema = z.looseObject({ type: z.literal('object') });
const offerSchema = z.looseObject({
  name: z.string().regex(/\S/, 'expected a name'),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: objectSchema,
  outputSchema: objectSchema.optional(),
  annotations: ToolAnnotationsSchema.catch({}).default({}),
  execution: z.looseObject({ taskSupport: z.unknown().optional() }).optional().catch(undefined),
});

/** Of one server; a list that is read again costs only what is new in it. */
export class OfferedTools {
  /** By the JSON of the offer. */
  #judged: ReadonlyMap<string, OfferedTool | LeftOut> = new Map();

  /** `leftOut` is told once of each, for as long as the server goes on offering it. */
  constructor(private readonly leftOut: (left: LeftOut) => void) {}

  judged(offers: readonly unknown[]): readonly OfferedTool[] {
    const before = this.#judged;
    const now = new Map<string, OfferedTool | LeftOut>();
    const tools = new Map<string, OfferedTool>();
    for (const offer of offers) {
      const name = nameIn(offer);
      const isSecond = tools.has(name);
      const key = `${isSecond ? 'second ' : ''}${JSON.stringify(offer)}`;
      const known = now.get(key) ?? before.get(key);
      const tool = known ?? (isSecond ? { tool: name, reason: 'the server has two of that name' } : judge(name, offer));
      now.set(key, tool);
      if (!('reason' in tool)) tools.set(name, tool);
      else if (known === undefined) this.leftOut(tool);
    }
    this.#judged = now;
    return [...tools.values()];
  }
}

function judge(tool: string, offer: unknown): OfferedTool | LeftOut {
  const { data, error } = offerSchema.safeParse(offer);
  if (error !== undefined) {
    const [issue] = error.issues;
    return { tool, reason: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not a tool'}` };
  }
  const { name, title, description, inputSchema, outputSchema, annotations, execution } = data;
  if (execution?.taskSupport === 'required') return { tool, reason: 'it runs only as a task of MCP' };
  try {
    checkOf(inputSchema);
    const folded = foldedSchema(inputSchema);
    if (folded === undefined) return { tool, reason: 'inputSchema: no object fits it' };
    const { length } = JSON.stringify(folded);
    if (length > MOST_OF_A_SCHEMA) {
      return { tool, reason: `inputSchema: expected at most ${MOST_OF_A_SCHEMA} characters, got ${length}` };
    }
    // What named a part of an alternative that was folded away.
    if (folded !== inputSchema) checkOf(folded);
    return {
      name,
      description: cut(wellFormed(description ?? title ?? annotations.title ?? name), MOST_OF_A_DESCRIPTION),
      inputSchema: folded,
      annotations,
      ...(outputSchema === undefined ? {} : { misfit: checkOf(outputSchema) }),
    };
  } catch (error_) {
    // Ajv follows them as far as the stack goes.
    const isEndless = error_ instanceof RangeError;
    return { tool, reason: isEndless ? 'a schema whose parts name each other without end' : messageOf(error_) };
  }
}

/** For whoever looks for the tool in the server's code. */
function nameIn(offer: unknown): string {
  const name = isObject(offer) ? offer['name'] : undefined;
  return typeof name === 'string' ? name : JSON.stringify(name ?? null);
}
