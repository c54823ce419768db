/** How many processes serve, and which of them this one is. */
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Config } from '../platform/config.js';

type Processes = Pick<Config, 'processes'>;

/** Where Linux says how much of the cores a container may use: `<microseconds of each period, or max> <period>`. */
const QUOTA = '/sys/fs/cgroup/cpu.max';

/** Whether a supervisor starts the processes that serve, be it one. */
export function isSupervised({ processes }: Processes): boolean {
  return processes !== 1;
}

/** Whether this process supervises, and serves nothing itself. */
export function isSupervisor(config: Processes): boolean {
  return isSupervised(config) && cluster.isPrimary;
}

export function processCount({ processes }: Processes): number {
  return processes === 'auto' ? coresToUse(availableParallelism(), quota()) : processes;
}

/** `cpuMax` is the content of QUOTA; Node itself knows of it from version 22 on. */
export function coresToUse(cores: number, cpuMax: string): number {
  const [time, period] = cpuMax.trim().split(' ').map(Number);
  const allowed =
    time !== undefined && period !== undefined && time > 0 && period > 0 ? Math.ceil(time / period) : cores;
  return Math.max(1, Math.min(cores, allowed));
}

function quota(): string {
  try {
    return readFileSync(QUOTA, 'utf8');
  } catch {
    return '';
  }
}
