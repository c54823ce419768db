/** The session of a task as its agent sees it: state that is read and written once, however often the run begins anew. */
import { z } from 'zod';
import { invalidArgument, TerminalError } from '../platform/errors.js';
import { parse } from '../platform/parse.js';
import { storable } from '../platform/storable.js';
import { fromRecorded, toRecorded } from '../runs/recorded-value.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import type { SessionState, TaskSession } from './task-context.js';

/** Its step has a name made of it. */
const LONGEST_KEY = 240;
const stateKey = z.string().min(1).max(LONGEST_KEY);

export interface RunSessionParts {
  readonly sessions: Pick<SessionStore, 'getState' | 'setState' | 'updateState'> | undefined;
  /** Keeps what comes of `work`. */
  readonly step: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
  /** By what an update is known of the step that the caller is inside of, the same each time that it is carried out. */
  readonly mark: (name: string) => string;
}

/** Without a session, or a store for it, state lasts as long as the run. */
export function runSession(
  { sessionId: key, contextId: id }: Pick<ClaimedTask, 'sessionId' | 'contextId'>,
  { sessions, step, mark }: RunSessionParts,
): TaskSession {
  if (key === null || sessions === undefined) {
    return { id, key: key ?? '', stateless: true, state: volatileState() };
  }
  const state: SessionState = {
    get: async (name) => {
      checkKey('get', name);
      return step(`state of ${name}`, () => sessions.getState(key, name));
    },
    set: async (name, value) => {
      checkKey('set', name);
      await step(`keep ${name}`, async () =>
        sessions.setState(key, name, kept(`session.state.set: the value of ${name}`, value, 'is')),
      );
    },
    update: async <Value, Next>(name: string, given: Change<Value, Next>) => {
      const change = checked(name, given);
      const updated = await step(`update ${name}`, () => sessions.updateState(key, name, mark(name), change));
      return updated as Next;
    },
  };
  return { id, key, stateless: false, state };
}

function volatileState(): SessionState {
  const values = new Map<string, unknown>();
  return {
    get: async (name) => {
      checkKey('get', name);
      return values.get(name);
    },
    set: async (name, value) => {
      checkKey('set', name);
      values.set(name, kept(`session.state.set: the value of ${name}`, value, 'is'));
    },
    update: async <Value, Next>(name: string, given: Change<Value, Next>) => {
      const next = checked(name, given)(values.get(name));
      values.set(name, next);
      return next as Next;
    },
  };
}

function checkKey(method: 'get' | 'set' | 'update', name: unknown): void {
  parse(stateKey, name, `session.state.${method}: key`);
}

type Change<Value, Next> = (value: Value | undefined) => Next;

/** `change` with its value as it is kept. */
function checked<Value, Next>(name: string, change: Change<Value, Next>): (value: unknown) => unknown {
  checkKey('update', name);
  if (typeof change !== 'function') throw invalidArgument('session.state.update: change', 'a function of the value');
  return (value) => {
    const next: unknown = change(value as Value | undefined);
    if (next instanceof Promise) {
      next.catch(() => undefined);
      throw new TerminalError(
        `session.state.update: what changes ${name} gave back a promise; do what takes time in a step before it.`,
      );
    }
    return kept(`session.state.update: what changes ${name}`, next);
  };
}

/** As JSON keeps it. Throws TerminalError for what it can't hold. */
function kept(what: string, value: unknown, verb?: string): unknown {
  return fromRecorded(toRecorded(() => what, storable(value), verb)) ?? undefined;
}
