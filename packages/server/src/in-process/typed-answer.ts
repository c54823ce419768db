/** What a call of an agent answers with, as far as its class tells. */
import type { Type } from '@nestjs/common';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import type { Remark } from '@continuo/agent/internal/agents/answer.js';
import type { FunctionAgentBaseService } from '@continuo/agent/internal/agents/function-agent-base.service.js';
import type { Content } from '@continuo/agent/internal/agents/task-context.js';
import type { Artifact, Task } from '@continuo/agent/internal/tasks/task.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';

/** An agent by its class, or by its `type/name`. */
export type AgentReference = string | Type<A2AAgentBaseService>;

/** What `execute` of an agent's class resolves to. */
type Returned<Agent> =
  Agent extends Type<infer Instance extends A2AAgentBaseService> ? Awaited<ReturnType<Instance['execute']>> : unknown;

/** The data in what `execute` returns: that of its parts, or what it is if it is neither text nor parts. */
type DataIn<Answer> = Answer extends readonly (infer Part)[]
  ? Part extends { readonly data: infer Data }
    ? Data
    : never
  : Answer extends string | void | null | undefined | Remark
    ? never
    : Answer;

/** Of a function agent what its function makes; `unknown` where the class doesn't tell. */
export type AgentData<Agent extends AgentReference> =
  Agent extends Type<FunctionAgentBaseService<infer _Input, infer Output>>
    ? Output
    : [DataIn<Returned<Agent>>] extends [never]
      ? unknown
      : DataIn<Returned<Agent>>;

/** What became of a task that has completed, or waits for a person. */
export interface AgentResult<Data = unknown> extends Content {
  readonly taskId: string;
  /** A2A's contextId. */
  readonly sessionId: string;
  /** COMPLETED; INPUT_REQUIRED or AUTH_REQUIRED: it asks `question`, and goes on with `agents.answer`. */
  readonly state: Extract<TaskState, 'COMPLETED' | 'INPUT_REQUIRED' | 'AUTH_REQUIRED'>;
  /** What its data part holds: of what the agent returned, else of its artifacts. Undefined without one. */
  readonly data: Data;
  /** Those that the agent has published itself. */
  readonly artifacts: readonly Artifact[];
  /** What it asks; undefined when it has completed. */
  readonly question: Message | undefined;
  /** All of it, as A2A has it. */
  readonly task: Task;
}
