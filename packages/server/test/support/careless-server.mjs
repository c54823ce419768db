/** A stand-alone server whose agents forget what they have begun, throw where nobody catches, and throw what can't be read. */
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { startServer, TerminalError } from '../../dist/index.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { agent } from './test-agent.mjs';

/** Until the task is over. */
const forever = (task) => new Promise((resolve) => task.signal.addEventListener('abort', resolve));

/** Does `work` again and again while the task goes on, and a moment longer. */
async function again(task, work) {
  for (let left = 20; left > 0; left -= task.signal.aborted ? 1 : 0) {
    work();
    await delay(5);
  }
}

const careless = {
  progress: (task) => again(task, () => void task.progress(0.5, 'on my way')),
  artifact: (task) => again(task, () => void task.artifact({ artifactId: 'a', parts: 'again' })),
  write: async (task) => {
    const stream = task.stream();
    await again(task, () => void stream.write('.'));
  },
  step: (task) => again(task, () => void task.step('a step', () => 1)),
  state: (task) => again(task, () => void task.session.state.set('a', 1)),
  inbox: (task) => again(task, () => void task.inbox.take()),
  call: async (task) => {
    void task.call('test/waits', 'go');
    await forever(task);
  },
  sleep: async (task) => {
    void task.sleep(60_000);
    await forever(task);
  },
  asks: async (task) => {
    void task.inbox.wait();
    void task.history();
    await forever(task);
  },
  listener: async (task) => {
    task.signal.addEventListener('abort', () => {
      throw new Error('A listener that throws.');
    });
    await forever(task);
  },
};

/** A thing whose every question is answered by an error. */
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error('Hands off.');
    },
    getPrototypeOf: () => {
      throw new Error('Hands off.');
    },
  },
);

const unreachable = () => {
  throw new Error('Thrown in a microtask of a timer.');
};

const unreadable = () => {
  const error = new Error('never read');
  Object.defineProperty(error, 'message', {
    get: () => {
      throw new Error('Hands off.');
    },
  });
  return error;
};

/** Each fails with what its name says. */
const broken = {
  'failing-step': async (task) => {
    void task.step('hopeless', () => {
      throw new TerminalError('The forgotten step has failed.');
    });
    await forever(task);
  },
  rejection: async (task) => {
    void Promise.reject(new Error('Nobody waits for this.'));
    await forever(task);
  },
  'rejection-in-step': (task) =>
    task.step('a step', async () => {
      void Promise.reject(new Error('Nobody waits for this either.'));
      await forever(task);
    }),
  timer: async (task) => {
    setTimeout(() => {
      throw new Error('Thrown in a timer.');
    }, 10);
    await forever(task);
  },
  microtask: async (task) => {
    queueMicrotask(() => {
      throw new Error('Thrown in a microtask.');
    });
    await forever(task);
  },
  'microtask-in-step': (task) =>
    task.step('a step', async () => {
      setTimeout(() => queueMicrotask(unreachable), 10);
      await forever(task);
    }),
  emitter: async (task) => {
    setImmediate(() => new EventEmitter().emit('error', new Error('Nobody listens.')));
    await forever(task);
  },
  exit: async () => process.exit(3),
  'exit-in-timer': async (task) => {
    setTimeout(() => process.exit(3), 10);
    await forever(task);
  },
  wrong: async (task) => {
    void task.progress(Number.NaN);
    await forever(task);
  },
  recursion: async function recursion(task) {
    const deeper = () => deeper() + 1;
    return String(deeper(task));
  },
};

const thrown = {
  'throws-unreadable': () => {
    throw unreadable();
  },
  'throws-hostile': () => Promise.reject(hostile),
  'throws-nothing': () => Promise.reject(undefined),
  'throws-bare': () => {
    throw Object.create(null);
  },
  'rejects-symbol': () => Promise.reject(Symbol('odd')),
  'step-throws-unreadable': (task) =>
    task.step(
      'a step',
      () => {
        throw unreadable();
      },
      { maxAttempts: 1 },
    ),
  'step-throws-hostile': (task) => task.step('a step', () => Promise.reject(hostile), { maxAttempts: 1 }),
  'leaves-hostile': async (task) => {
    void Promise.reject(hostile);
    await forever(task);
  },
  'returns-hostile': () => hostile,
  'returns-cycle': () => {
    const parts = [{ data: {} }];
    parts[0].data.self = parts;
    return parts;
  },
};

const agents = Object.entries({ ...careless, ...broken, ...thrown }).map(([name, execute]) =>
  agent(name, async (task) => execute(task)),
);

const writes = [
  /** Forgets to wait for `count` writes. */
  agent('writes-wildly', async (task) => {
    const stream = task.stream();
    for (let n = 0; n < task.data.count; n += 1) void stream.write('.');
    await stream.end();
  }),
  /** Waits for them all, but begins them at once. */
  agent('writes-at-once', async (task) => {
    const stream = task.stream();
    await Promise.all(Array.from({ length: task.data.count }, () => stream.write('.')));
    await stream.end();
  }),
  agent('progresses-wildly', async (task) => {
    for (let n = 0; n < task.data.count; n += 1) void task.progress(n / task.data.count);
  }),
  agent('steps-wildly', async (task) => {
    for (let n = 0; n < task.data.count; n += 1) void task.step(`step ${n}`, () => n);
  }),
  /** One artifact of many parts. */
  agent('many-parts', async (task) => {
    await task.artifact({ parts: Array.from({ length: task.data.count }, () => ({ text: '.' })) });
  }),
];

const waits = agent('waits', forever);

await startServer({ agents: [EchoAgent, waits, ...agents, ...writes] });
