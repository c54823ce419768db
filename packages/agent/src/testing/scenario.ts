/** What a test says of a task: what it is asked, and what everybody else says and does. */
import type { LanguageModel } from '../agents/models/language-model.js';
import type { Message, Part } from '../sessions/message.js';
import type { Answers } from './answers.js';
import type { Said } from './said.js';
import type { ModelTurn } from './script-model.js';
import type { Calls } from './script-children.js';

/** What is in the session before the tested task begins. */
export interface TestedSession {
  /** What was said in it before: texts of the user's, or messages. */
  readonly messages?: readonly (string | Message)[] | undefined;
  /** What agents have kept in it. */
  readonly state?: Readonly<Record<string, unknown>> | undefined;
}

/** What a tested task is asked, and what everybody else says and does meanwhile. */
export interface Scenario {
  /** What the agent is asked, in words. */
  readonly text?: string | undefined;
  /** What it is asked, as a value: a data part. */
  readonly data?: unknown;
  /** More parts: files, for instance. */
  readonly parts?: readonly Part[] | undefined;
  /** Of the call. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** What people answer. A question that nobody answers leaves the task waiting, unless the question has a `timeoutMs`. */
  readonly answers?: Answers | undefined;
  /** What the agents answer that it calls. One that is not in here fails the call. In memory only. */
  readonly calls?: Calls | undefined;
  /** What its language model says, in order; or a model of the AI SDK. One turn too few fails the task. In memory only. */
  readonly model?: readonly ModelTurn[] | LanguageModel | undefined;
  /** The session that it is asked in; false: none. Default: a new one. */
  readonly session?: TestedSession | false | undefined;
  /** What is sent to it while it works; all of it is there when it begins. In memory only. */
  readonly inbox?: readonly Said[] | undefined;
  /** What it has kept of its user. In memory only. */
  readonly memories?: readonly string[] | undefined;
  /** When it begins. Default: 2026-01-01T00:00:00Z. In memory only. */
  readonly now?: Date | string | undefined;
  /** Ends the process right after a step of this name was recorded, once; `*`: after each step. In memory only. */
  readonly crashAfter?: string | readonly string[] | undefined;
  /** Real milliseconds after which an agent that does nothing outside of its steps fails the test. Default 4000. */
  readonly patienceMs?: number | undefined;
  /** Runs the same on a server that has the agent: its address, or what `startServer` gave. */
  readonly server?: string | { readonly url: string } | undefined;
  /** Sent with each request to `server`: credentials, for instance. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const known: Readonly<Record<keyof Scenario, true>> = {
  text: true,
  data: true,
  parts: true,
  metadata: true,
  answers: true,
  calls: true,
  model: true,
  session: true,
  inbox: true,
  memories: true,
  now: true,
  crashAfter: true,
  patienceMs: true,
  server: true,
  headers: true,
};

/** Throws TypeError for what no scenario has: a test that misspells `answers` would go on without them. */
export function requireKnown(scenario: Scenario): void {
  const names = Object.keys(known);
  const unknown = Object.keys(scenario).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`testTask: there is no ${unknown} in a scenario; there are ${names.join(', ')}.`);
}
