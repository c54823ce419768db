/** Hooks for React that show tasks and sessions as they go on.
 *
 * @module @continuo/client/react
 */
export { ContinuoProvider, useContinuo } from './provider.js';
export { useSession, type UsedSession } from './use-session.js';
export { useTask, type TaskCall, type UsedTask } from './use-task.js';
