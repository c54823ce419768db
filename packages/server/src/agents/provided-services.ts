/** What the server injects into the base classes of agents, which only name it. */
import { SERVICES } from '@continuo/agent/internal/agents/injected.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { TasksService } from '../tasks/tasks-service.js';
import { McpTools } from './tools/mcp-tools.js';

/** Has agents, whenever they are made, be given the server's own. */
export function provideServices(): void {
  SERVICES.sessions.providedBy(SessionsService);
  SERVICES.tasks.providedBy(TasksService);
  SERVICES.mcpTools.providedBy(McpTools);
}
