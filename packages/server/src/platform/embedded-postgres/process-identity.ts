/** Tells processes apart for good: a pid alone is reused, a pid with the moment it started is not. POSIX and Windows. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `<pid>-<start>`; `start` is `x` where the system does not tell it. Fit for a file name. */
export type ProcessIdentity = `${number}-${string}`;

const UNKNOWN_START = 'x';

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return `${pid}-${(await startOf(pid)) ?? UNKNOWN_START}`;
}

/** Whether the very process that bore this identity is still running. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const [pid, start] = [Number.parseInt(identity, 10), identity.slice(identity.indexOf('-') + 1)];
  if (!(await isRunning(pid))) return false;
  const now = start === UNKNOWN_START ? undefined : await startOf(pid);
  return now === undefined || now === start;
}

/** Whether a process with this pid runs; a zombie does not. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!mayRun(pid)) return false;
  const stat = await linuxStat(pid);
  return stat === undefined || (stat.state !== 'Z' && stat.state !== 'X');
}

/** Whether the system knows a process with this pid: it runs, or it is a zombie. */
export function mayRun(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The words of a process's command line, or undefined where the system does not tell them. */
export async function commandOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line === '' ? undefined : line.replaceAll('\0', ' ').trim();
  }
  if (process.platform === 'win32') return undefined;
  const answer = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  return answer?.stdout.trim();
}

async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const [stat, boot] = await Promise.all([
      linuxStat(pid),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    ]);
    return stat === undefined ? undefined : `${boot.slice(0, 8)}.${stat.startTicks}`;
  }
  if (process.platform === 'win32') return undefined;
  const answer = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
  const words = answer?.stdout.trim().replaceAll(/[^A-Za-z0-9]+/g, '.');
  return words === undefined || words === '' ? undefined : words;
}

/** proc(5): fields 3 (state) and 22 (starttime) of /proc/<pid>/stat; field 2 is in parentheses and may hold anything. */
async function linuxStat(pid: number): Promise<{ readonly state: string; readonly startTicks: string } | undefined> {
  if (process.platform !== 'linux') return undefined;
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}
