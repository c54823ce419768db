/** The agent of a test, made and given what a server would give it. */
import { A2AAgentBaseService } from '../agents/a2a-agent-base.service.js';
import { AgentRegistry, type RegisteredAgent } from '../agents/agent-registry.js';
import type { LanguageModel } from '../agents/models/language-model.js';
import type { TaskContext } from '../agents/task-context.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/log.js';
import { ContinuoError } from '../platform/errors.js';
import { checkWork } from '../runs/check-work.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { Life } from './life.js';

/**
 * A class that needs nothing to be made, or a function that makes the agent: then each run has one of its own, as after a restart.
 * Or one agent for all runs.
 */
export type Tested = (new () => A2AAgentBaseService) | (() => A2AAgentBaseService) | A2AAgentBaseService;

/** What the base classes are given. */
export interface Given {
  readonly sessions: SessionStore | undefined;
  readonly clock: Clock;
  readonly model: LanguageModel | undefined;
}

/** Throws AGENT_INVALID for what a server would not start with. */
export function registered(tested: Tested, given: Given): RegisteredAgent {
  const agent = made(tested);
  const { model, sessions, clock } = given;
  const services = { sessions, logger: silent, clock, ...(model === undefined ? {} : { model }) };
  for (const [name, service] of Object.entries(services)) Reflect.set(agent, name, service);
  const registry = new AgentRegistry();
  registry.add(agent);
  const [only] = registry.list();
  if (only === undefined) throw new Error('An agent that was added is there.');
  return only;
}

/** The agent as a run is given it: what its steps work is noted, for `life` and for `worked`. */
export function watched(
  { agent, ...about }: RegisteredAgent,
  life: Life,
  worked: (step: string) => void,
): RegisteredAgent {
  const execute = (task: TaskContext): ReturnType<A2AAgentBaseService['execute']> => {
    const step: TaskContext['step'] = async (name, work, options) => {
      checkWork('Step', name, work);
      return task.step(
        name,
        (context) => {
          worked(name);
          return life.works(() => work(context));
        },
        options,
      );
    };
    const seen = Object.create(task, { step: { value: step, enumerable: true } }) as TaskContext;
    return agent.execute(seen);
  };
  return { ...about, agent: Object.create(agent, { execute: { value: execute } }) as A2AAgentBaseService };
}

function made(tested: Tested): A2AAgentBaseService {
  const agent = tested instanceof A2AAgentBaseService ? tested : makeOf(tested);
  if (agent instanceof A2AAgentBaseService) return agent;
  throw notAnAgent(`a function that gives ${agent === undefined ? 'nothing' : 'something else'}`);
}

function makeOf(tested: Exclude<Tested, A2AAgentBaseService>): unknown {
  const found: unknown = tested;
  if (typeof found !== 'function') throw notAnAgent(found === undefined ? 'undefined' : 'no class');
  if (isClass(tested)) return new tested();
  if (Function.prototype.toString.call(tested).startsWith('class')) throw notAnAgent(`the class ${tested.name}`);
  return tested();
}

function notAnAgent(found: string): ContinuoError {
  return new ContinuoError(
    'AGENT_INVALID',
    `testTask: found ${found}, expected a class that extends an agent base class, a function that makes an agent of one, or such an agent.`,
  );
}

function isClass(tested: Exclude<Tested, A2AAgentBaseService>): tested is new () => A2AAgentBaseService {
  return tested.prototype instanceof A2AAgentBaseService;
}

const nothing = (): void => undefined;

/** A test says what went wrong by itself. */
export const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
