/** The loads that the client process can put on a server, by name. */
import { createTaskUntilWorking, listTasks, resumeSteps, runSteps, sendMessage, streamMessage } from './client.mjs';
import { streamThrough } from './doors-client.mjs';
import { fanout } from './fanout-load.mjs';
import { sendMessage as sendOverGrpc, streamMessage as streamOverGrpc } from './grpc-client.mjs';
import { closeStreams, openStreams, waitingTasks } from './held-streams.mjs';
import { officially } from './official-client.mjs';

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

/**
 * @param {{ clients: number, seconds: number }} load
 * @param {(client: number) => Promise<unknown>} work done by every client again and again
 */
async function again({ clients, seconds }, work) {
  /** @type {number[]} */
  const latencies = [];
  const start = now();
  const end = start + seconds * 1000;
  const client = async (/** @type {unknown} */ _, /** @type {number} */ number) => {
    while (now() < end) latencies.push(...(await oneByOne(1, () => work(number))));
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { latencies, seconds: (now() - start) / 1000 };
}

/**
 * `tasks` streams of `chunks`, `atOnce` at a time.
 *
 * @param {{ chunks: number, tasks: number, atOnce: number }} load
 * @param {() => Promise<number>} work one of them, to its end; resolves with the number of events that carried the chunks
 */
async function streams({ chunks, tasks, atOnce }, work) {
  let left = tasks;
  let events = 0;
  const start = now();
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const seen = await work();
      events += seen;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return { chunks: chunks * tasks, events, seconds: (now() - start) / 1000 };
}

/** @typedef {"JSONRPC" | "GRPC"} Binding */

/** @typedef {{ base: string, binding?: Binding, by?: "bare" | "official" }} Calls by a client that does no more than it must (default), or by the official SDK's */

/** @param {Calls} calls */
function over({ binding = 'JSONRPC', by }) {
  if (by === 'official') return officially(binding);
  return binding === 'GRPC'
    ? { sendMessage: sendOverGrpc, streamMessage: streamOverGrpc }
    : { sendMessage, streamMessage };
}

export const LOADS = {
  /**
   * Blocking SendMessage from `clients` at once, for `seconds`. `apart`: over gRPC each has a connection of its own, as over
   * JSON-RPC; all of them share one otherwise.
   *
   * @param {Calls & { clients: number, seconds: number, apart?: boolean }} load
   */
  send: (load) => again(load, (client) => over(load).sendMessage(load.base, load.apart === true ? client : 0)),

  /**
   * Tasks of `steps`, `clients` at once, for `seconds`.
   *
   * @param {{ name: import("./options.mjs").ServerName, base: string, steps: number, clients: number, seconds: number }} load
   */
  steps: ({ name, base, steps, ...load }) => again(load, () => runSteps(name, base, steps)),

  /** @param {{ name: import("./options.mjs").ServerName, base: string, steps: number, times: number }} load */
  async stepsAlone({ name, base, steps, times }) {
    return { latencies: await oneByOne(times, () => runSteps(name, base, steps)) };
  },

  /** @param {{ base: string, steps: number }} load */
  resume: ({ base, steps }) => resumeSteps(base, steps),

  /** @param {Calls & { chunks: number, tasks: number, atOnce: number }} load */
  stream: (load) => streams(load, () => over(load).streamMessage(load.base, load.chunks)),

  /** @param {{ base: string, door: import("./doors-client.mjs").DoorName, chunks: number, tasks: number, atOnce: number }} load */
  door: ({ base, door, ...load }) => streams(load, () => streamThrough({ base, door, chunks: load.chunks })),

  /** @param {{ base: string, pageSize: number, times: number }} load */
  async list({ base, pageSize, times }) {
    return { latencies: await oneByOne(times, () => listTasks(base, pageSize)) };
  },

  waitingTasks,
  openStreams,
  closeStreams,
  fanout,

  /** @param {{ base: string, times: number }} load */
  async firstWorking({ base, times }) {
    return { latencies: await oneByOne(times, () => createTaskUntilWorking(base)) };
  },
};
