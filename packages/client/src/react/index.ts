/** `@continuo/client/react`: hooks that show tasks and sessions as they go on. */
export { ContinuoProvider, useContinuo } from './provider.js';
export { useSession, type UsedSession } from './use-session.js';
export { useTask, type TaskCall, type UsedTask } from './use-task.js';
