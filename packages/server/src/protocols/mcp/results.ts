/** What came of a task, as the result of a call of a tool. */
import { answerOfTask, isElsewhere } from '@continuo/agent/internal/agents/task-answer.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import { howItEnded, isWaiting } from '@continuo/agent/internal/tasks/task-state.js';
import type { Artifact } from '@continuo/agent/internal/tasks/task.js';
import type { TaskAt } from '../../tasks/read-tasks.js';
import { ANSWER_TOOL } from './answer-tool.js';
import { linkTo, toContent, type ContentBlock } from './content.js';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';

export interface ToolResult {
  readonly content: readonly ContentBlock[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: true;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface ResultOptions {
  readonly baseUrl: string;
  /** As `AgentTool` has it. */
  readonly givesData: boolean;
  /** It is asked for as the result of a task of MCP's. */
  readonly ofTask: boolean;
}

/** A call that could not be made, in words that help to make it right. */
export function failedCall(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** Of a task that has ended, or asks something; its artifacts were read with it. */
export function resultOf(at: TaskAt, options: ResultOptions): ToolResult {
  const { id, contextId } = at.task;
  const about = { 'continuo/taskId': id, 'continuo/sessionId': contextId, ...(options.ofTask ? relatedTo(id) : {}) };
  return { ...outcomeOf(at, options), _meta: about };
}

function outcomeOf(at: TaskAt, options: ResultOptions): ToolResult {
  if (isWaiting(at.state)) return questionOf(at, options);
  if (at.state === 'COMPLETED') return answerOf(at, options);
  const said = textOf(at.task.status.message?.parts ?? []);
  return failedCall(said === '' ? `${at.agent} ${howItEnded(at.state)}.` : said);
}

export function relatedTo(taskId: string) {
  return { [RELATED_TASK]: { taskId } };
}

function envelope({ task, state }: TaskAt) {
  return { state, taskId: task.id, sessionId: task.contextId };
}

/** A tool that declares what it gives can't give a question: it says as an error what is missing. */
function questionOf(at: TaskAt, { baseUrl, givesData }: ResultOptions): ToolResult {
  const { id, status } = at.task;
  const parts = status.message?.parts ?? [];
  const how = `${at.agent} waits for an answer. Call the tool "${ANSWER_TOOL}" with taskId "${id}" to give it.`;
  const content = [...toContent(parts, { taskId: id, baseUrl }), { type: 'text', text: how }];
  if (givesData) return { content, isError: true };
  return { content, structuredContent: { ...envelope(at), question: textOf(parts) } };
}

function answerOf(at: TaskAt, { baseUrl, givesData }: ResultOptions): ToolResult {
  const { id } = at.task;
  const answer = answerIn(at);
  if (answer === undefined) {
    const links = (at.task.artifacts ?? []).map((artifact) => linkTo(id, artifact));
    return { content: links, ...(givesData ? { isError: true } : { structuredContent: envelope(at) }) };
  }
  const { parts, artifacts } = answer;
  const isShown = ({ parts: own }: Artifact): boolean => own.every((part) => parts.includes(part));
  const links = artifacts
    .filter((artifact) => isElsewhere(artifact) || !isShown(artifact))
    .map((artifact) => linkTo(id, artifact));
  const content = [...toContent(parts, { taskId: id, baseUrl }), ...links];
  const data = parts.find((part) => part.data !== undefined)?.data;
  if (givesData && isObject(data)) return { content, structuredContent: data };
  const structuredContent = { ...envelope(at), answer: textOf(parts), ...(data === undefined ? {} : { data }) };
  return { content, structuredContent };
}

/** Undefined for one that is too large for an answer: its artifacts are read by themselves. */
function answerIn({ task }: TaskAt): ReturnType<typeof answerOfTask> | undefined {
  try {
    return answerOfTask(task.id, task);
  } catch (error) {
    if (error instanceof TerminalError) return undefined;
    throw error;
  }
}
