/** The bench's handle on the client process. */
import { fork } from 'node:child_process';

/** @typedef {typeof import("./load.mjs").LOADS} Loads */
/**
 * @typedef {object} ClientHandle
 * @property {<K extends keyof Loads>(name: K, load: Parameters<Loads[K]>[0]) => Promise<Awaited<ReturnType<Loads[K]>>>} run
 *   runs one load to its end; loads do not overlap
 * @property {number} pid of its process
 * @property {() => void} stop
 */

/** @returns {ClientHandle} */
export function startClient() {
  const child = fork(new URL('./client-process.mjs', import.meta.url));
  return {
    pid: Number(child.pid),
    run: (name, load) =>
      new Promise((resolve, reject) => {
        const onExit = () => reject(new Error('The client process ended'));
        child.once('exit', onExit);
        child.once('message', (/** @type {any} */ answer) => {
          child.off('exit', onExit);
          if (answer.error === undefined) resolve(answer.result);
          else reject(new Error(answer.error));
        });
        child.send({ name, load });
      }),
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
}
