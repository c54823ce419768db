/** The methods that are answered at once, by their names. */
import type { McpCall } from './call.js';
import { initialize } from './initialize.js';
import { listResources, listTemplates, readResource } from './resources.js';
import { cancelTask, getTask, listTasks } from './tasks.js';
import { listTools } from './tools.js';

type Method = (call: McpCall) => object | Promise<object>;

export const methods: Readonly<Record<string, Method>> = {
  initialize,
  ping: () => ({}),
  'tools/list': listTools,
  'resources/list': listResources,
  'resources/templates/list': listTemplates,
  'resources/read': readResource,
  'tasks/get': getTask,
  'tasks/list': listTasks,
  'tasks/cancel': cancelTask,
};
