/** What processes use, as Linux counts it. */
import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** @returns {Promise<{ parent: number, own: number, children: number } | undefined>} seconds of CPU; undefined when it is gone */
async function statOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name of the program, in brackets, may hold spaces.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [own, children] = [fields[11] + fields[12], fields[13] + fields[14]];
  return { parent: fields[1], own: own / TICKS_PER_SECOND, children: children / TICKS_PER_SECOND };
}

/** @returns {Promise<number>} seconds of CPU that the process has used */
export async function cpuOf(pid) {
  return (await statOf(pid))?.own ?? 0;
}

/** @returns {Promise<number>} seconds of CPU of a process, of those that it started, and of those that have ended */
export async function cpuOfFamily(pid) {
  const root = await statOf(pid);
  let sum = (root?.own ?? 0) + (root?.children ?? 0);
  for (const other of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await statOf(other);
    if (stat?.parent === pid) sum += stat.own;
  }
  return sum;
}

/** @returns {Promise<number>} MB of memory that the process holds */
export async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
