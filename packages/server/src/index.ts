/** The server, as a program or in a Nest application, with all that agents are written with.
 *
 * @module @continuo/server
 */
import './platform/fitting-peers.js';
export { ContinuoModule } from './continuo.module.js';
export type {
  ContinuoAsyncOptions,
  ContinuoFactoryOptions,
  ContinuoOptions,
  ContinuoOptionsFactory,
} from './nest/continuo-options.js';
export { ConfigError } from './platform/config.js';
export type { Settings } from './platform/settings.js';
export { Agents } from './in-process/agents.js';
export { AgentCallFailedError } from './in-process/agent-call-failed.js';
export type { ActingAs, Once } from './in-process/options.js';
export type { AgentInput, Saying } from './in-process/task-input.js';
export type { AgentData, AgentReference, AgentResult } from './in-process/typed-answer.js';
export type { TaskEvent } from './in-process/task-event.js';
export {
  Tasks,
  type TaskLogOptions,
  type TaskQuery,
  type TaskRetry,
  type TaskTraceOptions,
  type TaskView,
  type TaskWatch,
} from './in-process/tasks.js';
export {
  Sessions,
  type MessageQuery,
  type PageQuery,
  type SessionAbout,
  type SessionFork,
  type SessionQuery,
} from './in-process/sessions.js';
export type { RetryFrom } from './tasks/attempts.js';
export type { TaskList } from './tasks/task-list.js';
export type { LogPage, ReadLogLine } from './runs/trace/log-page.js';
export type {
  NodeKind,
  NodeState,
  TaskTrace,
  TracedChild,
  TracedModelCall,
  TracedRun,
  TraceNode,
} from './runs/trace/trace.js';
export { startServer, type RunningServer } from './server.js';
export type { ServerOptions } from './server-options.js';
export { checkTasks, type CheckOptions } from './check/check-tasks.js';
export { CheckFailedError } from './check/check-failed.js';
export type { CheckedAgent, CheckedTask, TasksCheck, Verdict } from './check/tasks-check.js';
export { evaluate, type EvaluateOptions } from './evaluation/evaluate.js';
export { readCases, type EvaluationCase } from './evaluation/cases.js';
export { EvaluationFailedError } from './evaluation/evaluation-failed.js';
export { readReport, type EvaluatedAgent, type EvaluatedCase, type EvaluationReport } from './evaluation/report.js';
export {
  contains,
  exact,
  judge,
  type JudgeOptions,
  type Score,
  type Scored,
  type Scorer,
} from './evaluation/scorers.js';
export type { Judged, ScoringContext } from './evaluation/scorers.js';
export type { StoredTasks } from './evaluation/stored-tasks.js';
export { ExternalA2AAgentBaseService } from './agents/external-a2a-agent-base.service.js';
export type { Caller } from './platform/caller.js';
export type { Fork, MessageOrder, NewSession, PageRequest, SaidTo, SessionChange } from './sessions/store-requests.js';
export type {
  Access,
  MessagePage,
  SaidMessage,
  Session,
  SessionMessage,
  SessionPage,
  SessionState,
} from './sessions/session.js';
export { SessionsService } from './sessions/sessions.service.js';
// All that agents are written with, so that one import does.
export * from '@continuo/agent';
