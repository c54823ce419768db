/** The public exports of Continuo: what agents, and applications that host them, are written with. */
export { ContinuoModule, type ContinuoOptions } from './continuo.module.js';
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
export type { StoredTasks } from './evaluation/task-cases.js';
export { failTaskOf } from './agents/run-scope.js';
export { A2AAgent, type AgentOptions } from './agents/a2a-agent.js';
export { A2AAgentBaseService, type AgentAnswer, type CanceledTask } from './agents/a2a-agent-base.service.js';
export { ContextAgentBaseService, type Generated, type GenerateOptions } from './agents/context-agent-base.service.js';
export { ExternalA2AAgentBaseService } from './agents/external-a2a-agent-base.service.js';
export { FunctionAgentBaseService } from './agents/function-agent-base.service.js';
export { remark, type Remark } from './agents/answer.js';
export type { Answered, Candidate, Decision, Delegation } from './agents/choice/decision.js';
export { EMBEDDINGS, type Embedded, type Embeddings } from './agents/models/embeddings.js';
export { withFallbacks } from './agents/models/fallbacks.js';
export { LANGUAGE_MODEL, type LanguageModel } from './agents/models/language-model.js';
export { OrchestratorAgentBaseService } from './agents/orchestrator-agent-base.service.js';
export type * from './agents/task-context.js';
export type {
  McpAccess,
  McpPrompt,
  McpPromptMessage,
  McpResource,
  McpResourceTemplate,
} from './agents/tools/mcp/access.js';
export type { McpSelection } from './agents/tools/mcp-tools.js';
export type { Approval, ApprovalContext, ApprovalPolicy } from './agents/tools/approval.js';
export { tool, type AgentTool, type ToolContext, type ToolDefinition } from './agents/tools/tool.js';
export { TaskFailedError, TaskRejectedError } from './agents/task-rejected.js';
export { StepFailedError } from './runs/run.js';
export { TerminalError } from './platform/errors.js';
export { SessionsService } from './sessions/sessions.service.js';
export type { Message, Part } from './sessions/message.js';
