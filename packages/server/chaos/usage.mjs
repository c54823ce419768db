/** What processes use, as Linux counts it. */
import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** @param {number} pid @returns {Promise<{ parent: number, own: number, children: number } | undefined>} seconds of CPU; undefined when it is gone */
async function statOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name of the program, in brackets, may hold spaces.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map((n) => fields[n]);
  return { parent, own: (user + system) / TICKS_PER_SECOND, children: (endedUser + endedSystem) / TICKS_PER_SECOND };
}

/** @param {number} pid @returns {Promise<number | undefined>} the process that started it */
export async function parentOf(pid) {
  return (await statOf(pid))?.parent;
}

/** @param {number} pid @returns {Promise<number | undefined>} seconds of CPU that the process has used */
export async function cpuOf(pid) {
  return (await statOf(pid))?.own;
}

/** @param {number} pid @returns {Promise<number | undefined>} seconds of CPU of a process, of those that it started, and of those that have ended */
export async function cpuOfFamily(pid) {
  const root = await statOf(pid);
  if (root === undefined) return undefined;
  let sum = root.own + root.children;
  for (const other of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await statOf(other);
    sum += stat?.parent === pid ? stat.own : 0;
  }
  return sum;
}

/** @param {number} pid @returns {Promise<number>} MB of memory that the process holds */
export async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
