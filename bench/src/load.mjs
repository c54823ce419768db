/** The loads that the client process can put on a server, by name. */
import { createTaskUntilWorking, listTasks, sendMessage, streamMessage } from './client.mjs';

/** @returns {number} milliseconds */
const now = () => performance.now();

/**
 * @param {number} times
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number[]>} the latency of each call, in milliseconds, one call after the other
 */
async function oneByOne(times, work) {
  const latencies = [];
  for (let index = 0; index < times; index += 1) {
    const start = now();
    await work();
    latencies.push(now() - start);
  }
  return latencies;
}

export const LOADS = {
  /**
   * Blocking SendMessage from `clients` at once, for `seconds`.
   *
   * @param {{ base: string, clients: number, seconds: number }} load
   */
  async send({ base, clients, seconds }) {
    /** @type {number[]} */
    const latencies = [];
    const start = now();
    const end = start + seconds * 1000;
    const client = async () => {
      while (now() < end) latencies.push(...(await oneByOne(1, () => sendMessage(base))));
    };
    await Promise.all(Array.from({ length: clients }, client));
    return { latencies, seconds: (now() - start) / 1000 };
  },

  /**
   * `tasks` streams of `chunks`, `atOnce` at a time.
   *
   * @param {{ base: string, chunks: number, tasks: number, atOnce: number }} load
   */
  async stream({ base, chunks, tasks, atOnce }) {
    let left = tasks;
    let events = 0;
    const start = now();
    const client = async () => {
      while (left > 0) {
        left -= 1;
        const seen = await streamMessage(base, chunks);
        events += seen;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, client));
    return { chunks: chunks * tasks, events, seconds: (now() - start) / 1000 };
  },

  /** @param {{ base: string, pageSize: number, times: number }} load */
  async list({ base, pageSize, times }) {
    return { latencies: await oneByOne(times, () => listTasks(base, pageSize)) };
  },

  /** @param {{ base: string, times: number }} load */
  async firstWorking({ base, times }) {
    return { latencies: await oneByOne(times, () => createTaskUntilWorking(base)) };
  },
};
