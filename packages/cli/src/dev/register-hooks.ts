/** Has Node compile the TypeScript of a project that this process loads. */
import { register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

/** `onLoaded` is told the path of each file of the project that is loaded; files of packages are left out. */
export function registerHooks(onLoaded: (path: string) => void = () => undefined): void {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', onLoaded);
  port1.unref();
  register('./compile-hooks.js', { parentURL: import.meta.url, data: { port: port2 }, transferList: [port2] });
}
