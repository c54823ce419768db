/** Shows a page in the browser of whoever sits in front of the terminal, where there is one. */
import { spawn } from 'node:child_process';

/** Whether it was tried; nothing is said of a browser that doesn't come. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): boolean {
  const words = openerFor(url, env);
  if (words === undefined) return false;
  const [command, ...rest] = words;
  const child = spawn(command, rest, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return true;
}

function openerFor(url: string, env: NodeJS.ProcessEnv): readonly [string, ...string[]] | undefined {
  if (process.platform === 'darwin') return ['open', url];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '""', url];
  // Over SSH and in a container there is no screen.
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : undefined;
}
