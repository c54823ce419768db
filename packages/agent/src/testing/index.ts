/** The public exports of @continuo/agent/testing. */
export type { Answers, Question } from './answers.js';
export type { AskedQuestion } from './memory-world.js';
export type { ServerTask } from './on-server.js';
export type { MadeCall, ObservedTask, Outcome, SpokenMessage } from './outcome.js';
export type { Said } from './said.js';
export type { Scenario, TestedSession } from './scenario.js';
export type { Calls, ChildMade, ScriptedChild } from './script-children.js';
export type { Asked, ModelTurn } from './script-model.js';
export { testTask } from './test-task.js';
export type { Tested } from './tested-agent.js';
export type { Deployed, TestedStep, TestedTask } from './tested-task.js';
