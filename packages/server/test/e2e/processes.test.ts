/** Several processes behind one port: replaced when they die, reloaded without a lost request, drained one by one. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { TaskState } from '@a2a-js/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster-file.js';
import { connect, send } from '../support/a2a-client.js';
import { completedTask } from '../support/completed-task.js';
import { ResumingReader } from '../support/event-stream.js';
import { call, callRpc, textAt } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({
    env: {
      CONTINUO_PROCESSES: '2',
      CONTINUO_DRAIN_MS: '2000',
      CONTINUO_SWEEP_MS: '200',
      CONTINUO_GRPC_PORT: '0',
      CONTINUO_DATA_DIR: await makeTestDirectory('data'),
    },
  });
  await until(() => server.output().includes('Continuo is ready') && alive().length === 2, { what: 'both to serve' });
});

/** The lines of the log with this message. */
function lines(msg: string): readonly { readonly worker: number; readonly pid: number }[] {
  const all = server.output().split('\n');
  return all.filter((line) => line.includes(`"msg":"${msg}`)).map((line) => JSON.parse(line));
}

const byNumber = (one: number, other: number) => one - other;
const serving = () => lines('a process serves').map(({ worker }) => worker);
const alive = () => serving().filter((pid) => runs(pid));

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function message(text: string) {
  return { message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }] } };
}

/** One blocking call on a connection of `agent`; answers with the task's state. */
function echo(agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: message('hello') });
    const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };
    const sent = request(`${server.url}/agents/function/echo`, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.once('end', () => resolve(textAt(JSON.parse(text), 'result', 'task', 'status', 'state')));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

describe('several processes', () => {
  it('are instances of their own, which all answer, with one greeting', async () => {
    expect(new Set(alive()).size).toBe(2);
    const ran = new Set<number>();
    const countdown = await connect(server.url, 'function/countdown');
    await until(
      async () => {
        // Each of those that are sent together has a connection of its own.
        const sent = Array.from({ length: 6 }, () => send(countdown, { steps: 1, delayMs: 50 }));
        for (const task of await Promise.all(sent)) {
          ran.add(Number(/"pid":(\d+)/.exec(JSON.stringify(task.artifacts))?.[1]));
        }
        return ran.size === 2;
      },
      { what: 'both to run a task', timeoutMs: 15_000 },
    );
    expect([...ran].toSorted(byNumber)).toEqual([...alive()].toSorted(byNumber));
    expect(server.output().match(/Continuo is ready/g)).toHaveLength(1);
    expect(server.output().match(/started PostgreSQL/g)).toHaveLength(1);
    expect(new Set(lines('ready to run agents').map(({ pid }) => pid))).toEqual(new Set(alive()));
  });

  it('are replaced when one is killed, and its task goes on', async () => {
    const sent = await send(
      await connect(server.url, 'function/countdown'),
      { steps: 30, delayMs: 100 },
      { returnImmediately: true },
    );
    const reader = new ResumingReader(`${server.url}/tasks/${sent.id}/events`);
    await reader.read(() => reader.frames.length > 4);
    for (const killed of alive().slice(0, 1)) process.kill(killed, 'SIGKILL');
    // Connections of this very moment may be on their way to it: they are answered or broken off, and none waits for ever.
    const calls = Array.from({ length: 20 }, () => echo(new Agent()).catch(() => 'broken off'));
    const signal = AbortSignal.timeout(60_000);
    await Promise.race([
      Promise.all(calls),
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late')))),
    ]);
    await until(async () => (await reader.read().catch(() => 'broken')) === 'ended', { what: 'the stream to end' });
    expect(reader.ids).toEqual(reader.ids.map((_, index) => index + 1));
    await completedTask(server.url, sent.id);
    await until(() => alive().length === 2, { what: 'another one to serve' });
  });

  it('are reloaded by SIGHUP, and no request is lost', async () => {
    const before = alive();
    const agent = new Agent({ keepAlive: true, maxSockets: 6 });
    let isOver = false;
    const states: string[] = [];
    const grpc = await connect(server.url, 'function/echo', 'GRPC');
    const overGrpc = async (): Promise<void> => {
      while (!isOver) states.push(TaskState[(await send(grpc, 'hello')).status?.state ?? 0] ?? '');
    };
    const client = async (): Promise<void> => {
      while (!isOver) states.push(await echo(agent));
    };
    const clients = Promise.all([...Array.from({ length: 6 }, client), overGrpc(), overGrpc()]);
    process.kill(server.pid, 'SIGHUP');
    await until(() => lines('the processes are reloaded').length === 1, { what: 'the reload', timeoutMs: 180_000 });
    isOver = true;
    await clients;
    agent.destroy();
    expect(new Set(states)).toEqual(new Set(['TASK_STATE_COMPLETED']));
    expect(alive()).toHaveLength(2);
    expect(alive().filter((pid) => before.includes(pid))).toEqual([]);
    expect(lines('a process has died')).toHaveLength(1);
  });

  it('are replaced in order when one is told to stop', async () => {
    const [told = 0, other = 0] = alive();
    process.kill(told, 'SIGTERM');
    await until(() => !runs(told), { what: 'it to end' });
    expect(alive()).toHaveLength(2);
    expect(alive()).toContain(other);
    expect(lines('a process has died')).toHaveLength(1);
  });

  it('answer until the last has drained, and stop with their PostgreSQL', async () => {
    const agent = `${server.url}/agents/function/countdown`;
    const long = { ...message('x'), configuration: { returnImmediately: true } };
    const sent = await callRpc(agent, 'SendMessage', {
      ...long,
      message: { ...long.message, parts: [{ data: { steps: 100, delayMs: 100 } }] },
    });
    expect(sent.status).toBe(200);
    const pids = alive();
    // Ctrl-C reaches all of them.
    for (const pid of [...pids, server.pid]) process.kill(pid, 'SIGINT');
    await until(() => lines('the supervisor has this process stop').some(({ pid }) => pids.includes(pid)), {
      what: 'the first to drain',
    });
    expect((await call('GET', `${server.url}/healthz`)).status).toBe(200);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(pids.filter((pid) => runs(pid))).toEqual([]);
    expect(await findPostmaster(`${server.env.CONTINUO_DATA_DIR ?? ''}/postgres`)).toBeUndefined();
  });
});

describe('a supervisor', () => {
  it('that is killed leaves no process behind', async () => {
    server = await forThisFile(() => startServer({ env: { ...server.env, CONTINUO_PROCESSES: '2' } }));
    await until(() => alive().length === 2, { what: 'both processes to serve' });
    const pids = alive();
    await server.kill('SIGKILL');
    await until(() => pids.every((pid) => !runs(pid)), { what: 'its processes to end' });
    expect(
      lines('stopped')
        .map(({ pid }) => pid)
        .toSorted(byNumber),
    ).toEqual([...pids].toSorted(byNumber));
  });

  it.each([
    ['CONTINUO_PROCESSES', 'many', /CONTINUO_PROCESSES: found "many", expected auto, or a whole number from 1 to 256/],
    ['CONTINUO_AGENT_PACKAGES', 'no-such-package', /Continuo did not start\..*no-such-package/],
  ])('that can not start for %s says why once, as one process does', async (name, value, why) => {
    const failed = await startServer({ env: { ...server.env, CONTINUO_PROCESSES: 'auto', [name]: value } }).catch(
      (reason: unknown) => reason,
    );
    const error = failed instanceof Error ? `${failed.message} ${String(failed.cause)}` : '';
    expect(error).toMatch(why);
    expect(error).toContain('"code":1');
    expect(error.match(/Continuo did not start/g)).toHaveLength(1);
  });
});
