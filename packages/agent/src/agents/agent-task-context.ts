/** What an agent holds of its run: the TaskContext with a fence around it, so that a forgotten `await` ends the task alone. */
import type { Attempt } from '../runs/attempt.js';
import { checkWork } from '../runs/check-work.js';
import { handOut } from './handed-out.js';
import type { Activity, RunActivity } from './run-activity.js';
import { inRun, type RunScope } from './run-scope.js';
import type { TaskContext, TaskInbox, TaskMemory, TaskSession } from './task-context.js';

export interface Fence {
  readonly run: RunScope;
  readonly activity: RunActivity;
  /** The attempt of a step in which the caller is. */
  readonly attempt: () => Attempt | undefined;
  /** Throws when the agent may say no more before what it has said is stored. */
  readonly admit: () => void;
  /** Takes errors of promises that nobody waits for. */
  readonly leftBehind: (error: unknown) => void;
}

/** Throws TerminalError right at the call for what is too much: nobody may be waiting, and a loop may be running wild. */
export function fenced(task: TaskContext, { run, activity, attempt, admit, leftBehind }: Fence): TaskContext {
  const orFail = <Result>(begin: () => Promise<Result>): Promise<Result> => {
    try {
      return begin();
    } catch (error) {
      leftBehind(error);
      throw error;
    }
  };
  const give = <Result>(work: () => Promise<Result>, ended?: () => void): Promise<Result> =>
    handOut(() => attempt()?.during(work) ?? work(), leftBehind, ended);
  const said = <Result>(work: () => Promise<Result>): Promise<Result> =>
    orFail(() => {
      admit();
      return give(work);
    });
  const counted = <Result>(what: Activity, work: () => Promise<Result>): Promise<Result> =>
    orFail(() => {
      activity.begins(what);
      return give(work, () => activity.ends(what));
    });
  const inbox: TaskInbox = {
    take: () => counted('step', () => task.inbox.take()),
    wait: (options) => counted('wait', () => task.inbox.wait(options)),
  };
  const memory: TaskMemory = {
    search: (query, options) => counted('step', () => task.memory.search(query, options)),
    add: (text, options) => counted('step', () => task.memory.add(text, options)),
    forget: (id) => counted('step', () => task.memory.forget(id)),
  };
  const { state } = task.session;
  const session: TaskSession = {
    ...task.session,
    state: {
      get: (key) => counted('step', () => state.get(key)),
      set: (key, value) => counted('step', () => state.set(key, value)),
      update: (key, change) => counted('step', () => state.update(key, change)),
    },
  };
  return {
    id: task.id,
    agent: task.agent,
    message: task.message,
    metadata: task.metadata,
    acceptedOutputModes: task.acceptedOutputModes,
    extensions: task.extensions,
    text: task.text,
    data: task.data,
    files: task.files,
    parts: task.parts,
    get signal() {
      return task.signal;
    },
    session,
    inbox,
    memory,
    log: task.log,
    get idempotencyKey() {
      return task.idempotencyKey;
    },
    step: (name, work, options) =>
      counted('step', () => {
        checkWork('Step', name, work);
        return task.step(name, (step) => inRun(run, () => work(step)), options);
      }),
    progress: (fraction, stage) => said(() => task.progress(fraction, stage)),
    artifact: (artifact) => said(() => task.artifact(artifact)),
    stream: (artifact) => {
      const stream = task.stream(artifact);
      return {
        artifactId: stream.artifactId,
        write: (chunk) => said(() => stream.write(chunk)),
        end: (options) => said(() => stream.end(options)),
      };
    },
    requestInput: (question, options) => give(() => task.requestInput(question, options)),
    requestAuth: (question, options) => give(() => task.requestAuth(question, options)),
    call: (agent, input, options) => counted('wait', () => task.call(agent, input, options)),
    callAll: (calls, options) => counted('wait', () => task.callAll(calls, options)),
    branch: (name, work) =>
      orFail(() => {
        checkWork('Branch', name, work);
        return give(() => task.branch(name, work));
      }),
    patched: (id) => task.patched(id),
    sleep: (ms) => counted('wait', () => task.sleep(ms)),
    openFile: (file) => give(() => task.openFile(file)),
    readFile: (file, options) => give(() => task.readFile(file, options)),
    history: (options) => give(() => task.history(options)),
  };
}
