/** What tested agents break beside their runs, in timers and promises: it fails their task, as on a server, and not the process of the test. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { catchInMicrotasks, currentRun } from '../agents/run-scope.js';
import { messageOf } from '../platform/errors.js';

type Handler = (...given: readonly unknown[]) => void;

const events = ['uncaughtException', 'unhandledRejection'] as const;

/** What broke when its run was over, by the tested task whose agent had left it behind. */
const broken = new AsyncLocalStorage<unknown[]>();
/** Who listened before: the runner of the tests, if there is one. */
const others = new Map<string, readonly Handler[]>();
let guarded = 0;
let inMicrotasks = (): void => undefined;

/**
 * Does `work`, in which an agent runs. What its timers throw and its promises reject while nobody waits for them fails the run
 * that began them; what comes when that is over is thrown at the end, as nobody would hear of it otherwise. What breaks
 * meanwhile in the test's own code, and everything later, goes where it would have gone.
 */
export async function withoutHarm<Result>(work: () => Promise<Result>): Promise<Result> {
  const found: unknown[] = [];
  guarded += 1;
  if (guarded === 1) listen();
  try {
    const result = await broken.run(found, work);
    // Of a promise that was rejected in the last moment Node tells a moment later.
    await new Promise((resolve) => setImmediate(resolve));
    const [first] = found;
    if (first === undefined) return result;
    throw new Error(`The agent left something behind that broke when its run was over: ${messageOf(first)}`, {
      cause: first,
    });
  } finally {
    guarded -= 1;
    if (guarded === 0) giveBack();
  }
}

const ours = new Map(events.map((event) => [event, (...given: readonly unknown[]) => heard(event, given)]));

function heard(event: (typeof events)[number], given: readonly unknown[]): void {
  const run = currentRun();
  const found = broken.getStore();
  if (run === undefined || found === undefined) passOn(event, given);
  else if (!run.fail(given[0])) found.push(given[0]);
}

function passOn(event: (typeof events)[number], given: readonly unknown[]): void {
  const handlers = others.get(event) ?? [];
  for (const handler of handlers) handler.apply(process, [...given]);
  if (handlers.length > 0) return;
  // Nobody listens: the process ends with it.
  for (const [own, handler] of ours) process.off(own, handler);
  setImmediate(() => {
    throw given[0];
  });
}

function listen(): void {
  inMicrotasks = catchInMicrotasks((error) => heard('uncaughtException', [error, 'uncaughtException']));
  for (const [event, handler] of ours) {
    others.set(event, process.rawListeners(event) as Handler[]);
    process.removeAllListeners(event);
    process.on(event, handler);
  }
}

/** Those who listened before come first again, then who has come meanwhile. */
function giveBack(): void {
  inMicrotasks();
  for (const [event, handler] of ours) {
    process.off(event, handler);
    const later = process.rawListeners(event) as Handler[];
    process.removeAllListeners(event);
    for (const each of [...(others.get(event) ?? []), ...later]) process.on(event, each);
  }
}
