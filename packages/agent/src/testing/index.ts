/** Agents in a test, in memory or on a server.
 *
 * @module @continuo/agent/testing
 */
export type { Replayed } from '../agents/replay/replay-task.js';
export type { Answers, Question } from './answers.js';
export type { AskedQuestion } from './memory-world.js';
export type { ServerTask } from './on-server.js';
export type { LoggedLine, MadeCall, ObservedTask, Outcome, SpokenMessage } from './outcome.js';
export type { Said } from './said.js';
export type { Scenario, TestedSession } from './scenario.js';
export type { Calls, ChildAnswer, ChildMade, ScriptedChild } from './script-children.js';
export type { Asked, ModelTurn, Reply, ToolUse } from './script-model.js';
export { testTask } from './test-task.js';
export type { Tested } from './tested-agent.js';
export type { Deployed, TestedStep, TestedTask } from './tested-task.js';
