/** The methods that are answered at once, by their names. */
import type { McpCall } from './call.js';
import { initialize } from './initialize.js';
import { cancelTask, getTask, listTasks } from './tasks.js';
import { listTools } from './tools.js';

type Method = (call: McpCall) => object | Promise<object>;

export const methods: Readonly<Record<string, Method>> = {
  initialize,
  ping: () => ({}),
  'tools/list': listTools,
  'tasks/get': getTask,
  'tasks/list': listTasks,
  'tasks/cancel': cancelTask,
};
