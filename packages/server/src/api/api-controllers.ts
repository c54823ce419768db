/** The controllers of the HTTP API beyond A2A, for the module that serves them. */
import { AgentTasksController } from './agent-tasks.controller.js';
import { HealthController } from './health.controller.js';
import { SessionsController } from './sessions.controller.js';
import { TasksController } from './tasks.controller.js';

export const apiControllers = [SessionsController, TasksController, AgentTasksController, HealthController] as const;
