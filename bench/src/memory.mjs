/** Reads a process's resident memory, and watches for its peak. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POLL_MS = 250;

/** @param {number} pid @returns {Promise<number>} kilobytes of 1024 bytes, from /proc or from ps where there is none */
async function residentKilobytes(pid) {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  }
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim());
}

/** @param {number} pid @returns {Promise<number>} resident memory in MB (10^6 bytes) */
export async function residentMegabytes(pid) {
  return ((await residentKilobytes(pid)) * 1024) / 1e6;
}

/**
 * @param {number} pid
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number>} the highest resident memory seen while `work` ran, in MB
 */
export async function peakMegabytes(pid, work) {
  const running = { peak: await residentMegabytes(pid), watching: true };
  const watch = async () => {
    while (running.watching) {
      running.peak = Math.max(running.peak, await residentMegabytes(pid));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const watched = watch();
  try {
    await work();
  } finally {
    running.watching = false;
    await watched;
  }
  return running.peak;
}

/**
 * Waits for memory to come back under a limit.
 *
 * @param {number} pid
 * @param {number} limit in MB
 * @param {number} seconds to wait at most
 * @returns {Promise<{ megabytes: number, seconds: number }>} the last reading, and how long after the call it was
 */
export async function settledMegabytes(pid, limit, seconds) {
  const start = performance.now();
  for (;;) {
    const megabytes = await residentMegabytes(pid);
    const elapsed = (performance.now() - start) / 1000;
    if (megabytes < limit || elapsed >= seconds) return { megabytes, seconds: elapsed };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
