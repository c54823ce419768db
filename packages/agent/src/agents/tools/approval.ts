/** Whether a person is asked before a tool runs: what a tool, or the configuration of an MCP server, says of that. */
import type { ApprovalPatterns } from '../../platform/mcp-server.js';
import type { TaskContext } from '../task-context.js';

/** Asks before each call, or before none. */
export type Approval = 'always' | 'never';

/** What a policy knows of the call beside its input. */
export interface ApprovalContext {
  /** The tool's name, as the model is told it. */
  readonly tool: string;
  readonly task: TaskContext;
  /** Aborted when the task is cancelled and when the server shuts down. */
  readonly signal: AbortSignal;
}

/**
 * `always`, `never`, or what a function says of each call: true (or `always`) to ask, false (or `never`) to let it run. It
 * is called once for each call that the model makes, inside the step that has asked the model: what it said is kept, and a
 * task that goes on after a crash keeps to it. When it throws, or says anything else, a person is asked.
 *
 * @example
 * approve: ({ amount }) => amount > 100
 */
export type ApprovalPolicy<Input = unknown> =
  | Approval
  | ((input: Input, context: ApprovalContext) => boolean | Approval | Promise<boolean | Approval>);

/** Whether a tool that its server calls so is one that people are asked about. */
export function isToBeAsked(patterns: ApprovalPatterns | undefined, tool: string): boolean {
  if (patterns === undefined || typeof patterns === 'string') return patterns === 'always';
  return patterns.some((pattern) => fits(pattern, tool));
}

/** Those that no tool fits. */
export function idlePatterns(patterns: ApprovalPatterns | undefined, tools: readonly string[]): readonly string[] {
  if (patterns === undefined || typeof patterns === 'string') return [];
  return patterns.filter((pattern) => !tools.some((tool) => fits(pattern, tool)));
}

/** What either of two has people asked about. */
export function eitherApproval(one: ApprovalPatterns = 'never', other: ApprovalPatterns = 'never'): ApprovalPatterns {
  if (one === 'always' || other === 'never') return one;
  return other === 'always' || one === 'never' ? other : [...one, ...other];
}

function fits(pattern: string, tool: string): boolean {
  const literals = pattern.split(/\*+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literals.join('.*')}$`, 's').test(tool);
}
