/** One call of a tool, once: its result or its error, as the model is told. */
import type { ToolResultPart } from 'ai';
import { endsTheRun } from '../../runs/run.js';
import { messageOf } from '../../platform/errors.js';
import { derivedId } from '../../platform/ids.js';
import { isObject } from '../../platform/json-object.js';
import { storable } from '../../platform/storable.js';
import { cut, isNothing, startOf } from '../../platform/text.js';
import { Turns } from '../../platform/turns.js';
import type { ToolCall } from '../models/ask-model.js';
import type { TaskContext } from '../task-context.js';
import { withFiles, type ResultFile } from './result-files.js';
import { shownValue } from './shown-value.js';
import type { AgentTool, ToolContext } from './tool.js';
import { tracedTool } from './traced-tool.js';

/** Of a result that the model is shown. */
export const MOST_CHARACTERS = 100_000;
/** Of the name of a tool that a model made up. */
const MOST_OF_A_NAME = 100;

/** What came of a call; JSON. */
export type ToolResult =
  | { readonly output: unknown; readonly files?: readonly ResultFile[] }
  | { readonly error: string };

/** What a model may use in one turn. */
export interface ToolBox {
  /** Those of the agent's class. */
  readonly own: Tools;
  /** With those of MCP servers, which are asked when this is first called; for steps only. */
  readonly all: () => Promise<Tools>;
}

export type Tools = Readonly<Record<string, AgentTool>>;

export interface RunOptions {
  /** Why it is not to run: what the model is told instead. */
  readonly instead?: string | undefined;
  /** Of the calls that run beside it. */
  readonly turns?: Turns;
}

/**
 * `place`: the call's own within its task, the same in every run. `done` gets the result before the step has ended.
 * Throws only what ends the run.
 */
export async function runTool(
  task: TaskContext,
  { own, all }: ToolBox,
  call: ToolCall,
  place: string,
  done: (result: ToolResult) => Promise<void>,
  { instead, turns = new Turns(1) }: RunOptions = {},
): Promise<ToolResult> {
  const carryOut = async (tools: () => Tools | Promise<Tools>, context: ToolContext): Promise<ToolResult> => {
    const run = async (): Promise<ToolResult> => attempt(await tools(), call, context);
    const result =
      instead === undefined ? await tracedTool(nameOf(call), call, context.signal, run) : { error: instead };
    await done(result);
    return result;
  };
  if (isOutside(own, call)) {
    const { signal } = task;
    return carryOut(() => own, { task, signal, idempotencyKey: derivedId(`${task.id}:tool:${place}`) });
  }
  // An error is the model's to deal with: it may call again.
  const once = { maxAttempts: 1, input: call.input, shownAs: 'tool' } as const;
  return task.step(`tool ${nameOf(call)}`, (step) => turns.take(() => carryOut(all, { task, ...step })), once);
}

/** Whether the call is of a tool that runs outside of steps. */
export function isOutside(own: Tools, { name }: ToolCall): boolean {
  return Object.hasOwn(own, name) && own[name]?.inStep === false;
}

/** As steps may be called: models make up names of any kind. */
export function nameOf({ name }: Pick<ToolCall, 'name'>): string {
  return cut(storable(name), MOST_OF_A_NAME);
}

async function attempt(tools: Tools, call: ToolCall, context: ToolContext): Promise<ToolResult> {
  const { name, input } = call;
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) return { error: noSuchTool(tools, call) };
  if (!isObject(input)) {
    return { error: `The input doesn't fit: expected a JSON object, got ${kindOf(input)}. The tool was not run.` };
  }
  let output: unknown;
  try {
    output = await tool.run(input, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (endsTheRun(error)) throw error;
    const said = storable(messageOf(error));
    return cutResult({ error: isNothing(said) ? 'It failed, and did not say why.' : said }, MOST_CHARACTERS);
  }
  try {
    const { words, files } = withFiles(output);
    const result = cutResult({ output: shownValue(words) }, MOST_CHARACTERS);
    return files.length === 0 ? result : { ...result, files };
  } catch (error) {
    const why = cut(storable(messageOf(error)), MOST_CHARACTERS);
    return { error: `The tool has run, and may have taken effect, but its result can't be shown: ${why}` };
  }
}

export function noSuchTool(tools: Tools, call: Pick<ToolCall, 'name'>): string {
  return `There is no tool "${nameOf(call)}". There are: ${Object.keys(tools).join(', ') || 'none'}.`;
}

function kindOf(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'an array';
  return typeof input === 'string' ? 'text' : `a ${typeof input}`;
}

/** A result that is too long is text, and says that it goes on. */
export function cutResult(result: ToolResult, most: number): ToolResult {
  const text = 'error' in result ? result.error : JSON.stringify(result.output);
  if (text.length <= most) return result;
  const short = `${startOf(text, most)}… (cut; it has ${text.length} characters)`;
  return 'error' in result ? { error: short } : { output: short };
}

export function toResultPart({ id, name }: Pick<ToolCall, 'id' | 'name'>, result: ToolResult): ToolResultPart {
  return { type: 'tool-result', toolCallId: id, toolName: name, output: toOutput(result) };
}

function toOutput(result: ToolResult): ToolResultPart['output'] {
  if ('error' in result) return { type: 'error-text', value: result.error };
  const { output, files = [] } = result;
  if (files.length === 0) {
    return typeof output === 'string' ? { type: 'text', value: output } : { type: 'json', value: output as never };
  }
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  const shown = files.map((file) => ({
    type: file.mediaType.startsWith('image/') ? ('image-data' as const) : ('file-data' as const),
    ...file,
  }));
  return { type: 'content', value: [{ type: 'text', text }, ...shown] };
}
