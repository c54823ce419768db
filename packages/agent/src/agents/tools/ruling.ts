/** What is to become of a call that a model makes: it runs, a person or the client is asked, or the model is told why not. */
import { isObject } from '../../platform/json-object.js';
import { endsTheRun } from '../../runs/run.js';
import type { ToolCall } from '../models/ask-model.js';
import type { ApprovalContext } from './approval.js';
import { approvedKey } from './ask-approval.js';
import { noSuchTool, type Tools } from './run-tool.js';

/** The call with what is to become of it, if it may not just run. For steps. */
export async function ruled(
  tools: Tools,
  call: ToolCall,
  { task, signal }: Pick<ApprovalContext, 'task' | 'signal'>,
): Promise<ToolCall> {
  const { name, input } = call;
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  // Kept: one of that name that comes later is not what the model was offered.
  if (tool === undefined) return { ...call, ruling: { refused: noSuchTool(tools, call) } };
  const { approve, check } = tool;
  if (tool.isOfClient === true && isObject(input)) return { ...call, ruling: 'client' };
  if (approve === undefined || approve === 'never' || !isObject(input)) return call;
  try {
    // Nobody is asked about a call that can't run.
    const refused = await check?.(input);
    if (refused !== undefined) return { ...call, ruling: { refused } };
    const decided = typeof approve === 'function' ? await approve(input, { tool: name, task, signal }) : approve;
    if (decided === false || decided === 'never') return call;
    return (await task.session.state.get(approvedKey(task, name))) === undefined ? { ...call, ruling: 'ask' } : call;
  } catch (error) {
    signal.throwIfAborted();
    if (endsTheRun(error)) throw error;
    return { ...call, ruling: 'ask' };
  }
}
