/** What a process has used, as Linux tells it; undefined where nobody does. */
import { readFile } from 'node:fs/promises';

const TICK_MS = 10;
const USER = 11;
const SYSTEM = 12;

/** Milliseconds of CPU time since its start, in steps of ten. */
export async function cpuMs(pid: number): Promise<number | undefined> {
  const stat = await read(`/proc/${pid}/stat`);
  // The name of the program, which may hold anything, is in parentheses.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_MS;
}

/** Megabytes of memory that it holds now. */
export async function residentMb(pid: number): Promise<number | undefined> {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec((await read(`/proc/${pid}/status`)) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
}

function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
