/** `testTask`: runs an agent in memory, with no database and no server, and tells what it said and did. */
import { agentOptionsOf } from '../agents/a2a-agent.js';
import { A2AAgentBaseService } from '../agents/a2a-agent-base.service.js';
import type { LanguageModel } from '../agents/models/language-model.js';
import { derivedId } from '../platform/ids.js';
import type { Message, Part } from '../sessions/message.js';
import { GivenAnswers } from './answers.js';
import { withoutHarm } from './left-behind.js';
import { MemoryMemories } from './memory-memories.js';
import { MemorySessions } from './memory-sessions.js';
import { MemoryTask } from './memory-task.js';
import { liveThrough, type World } from './memory-world.js';
import { testOnServer, type ServerTask } from './on-server.js';
import { partsOf } from './said.js';
import { requireKnown, type Scenario } from './scenario.js';
import { ScriptedChildren } from './script-children.js';
import { ScriptedModel } from './script-model.js';
import { registered, type Tested } from './tested-agent.js';
import { TestedTask } from './tested-task.js';
import { VirtualClock } from './virtual-clock.js';

const START = '2026-01-01T00:00:00.000Z';
const PATIENCE_MS = 4_000;

/**
 * Runs a task of the agent until it ends, or waits for something that the scenario has not: milliseconds, whatever it waits for.
 * What carries it out is what carries it out on a server: the same journal, the same context, the same end. Pass
 * `server` to run the same on a real one.
 *
 * Throws AGENT_INVALID for a class that no server would take, TypeError for an answer that doesn't fit its question, and an
 * Error when the agent has left a timer or a promise behind that broke when its run was over; while the run goes on, that fails
 * the task. A task that fails is no error: its `state` is `FAILED`, and `failure` says why.
 *
 * @example
 * const task = await testTask(RefundsAgent, { text: 'order 7', answers: { 'Refund 40 EUR?': 'yes' } });
 * expect(task.state).toBe('COMPLETED');
 * expect((await task.crashAfter('load order')).outcome).toEqual(task.outcome);
 */
export function testTask(
  tested: Tested,
  scenario: Scenario & { readonly server: NonNullable<Scenario['server']> },
): Promise<ServerTask>;
export function testTask(tested: Tested, scenario?: Scenario & { readonly server?: undefined }): Promise<TestedTask>;
export function testTask(tested: Tested, scenario?: Scenario): Promise<TestedTask | ServerTask>;
export async function testTask(tested: Tested, scenario: Scenario = {}): Promise<TestedTask | ServerTask> {
  requireKnown(scenario);
  const parts = asked(scenario);
  const { server } = scenario;
  if (server !== undefined) {
    const url = typeof server === 'string' ? server : server.url;
    return testOnServer(keyOf(tested), parts, scenario, url.replace(/\/$/, ''));
  }
  const { crashAfter = [] } = scenario;
  return inMemory(tested, scenario, parts, typeof crashAfter === 'string' ? [crashAfter] : crashAfter);
}

type Earlier = Pick<World, 'task' | 'children' | 'memories' | 'asked'>;

function inMemory(
  tested: Tested,
  scenario: Scenario,
  parts: readonly Part[],
  crashes: readonly string[],
  /** What is there already of a task that goes on. */
  earlier?: Earlier,
): Promise<TestedTask> {
  const clock = new VirtualClock(new Date(scenario.now ?? START));
  const scripted = isModel(scenario.model) ? undefined : new ScriptedModel(scenario.model ?? []);
  const model = isModel(scenario.model) ? scenario.model : scenario.model && scripted?.model;
  const { key, version } = registered(tested, { sessions: undefined, clock, model });
  const task = earlier?.task ?? opened(key, version, scenario, parts, clock);
  const world: World = {
    tested,
    task,
    clock,
    model,
    children: earlier?.children ?? new ScriptedChildren(scenario.calls ?? {}),
    memories: earlier?.memories ?? new MemoryMemories(scenario.memories ?? [], key, clock),
    // What it waits for when it goes on, nobody has answered.
    answers: new GivenAnswers(earlier === undefined ? scenario.answers : undefined),
    asked: earlier?.asked ?? [],
    crashes,
    patienceMs: scenario.patienceMs ?? PATIENCE_MS,
  };
  return carriedOut(world, scripted?.asked ?? [], {
    again: (steps) => inMemory(tested, scenario, parts, steps),
    resume: (goingOn) => inMemory(tested, scenario, parts, [], { ...world, ...goingOn }),
  });
}

async function carriedOut(
  world: World,
  prompts: ScriptedModel['asked'],
  more: Pick<ConstructorParameters<typeof TestedTask>[2], 'again' | 'resume'>,
): Promise<TestedTask> {
  const { clock } = world;
  const begun = clock.now().getTime();
  const shown = await withoutHarm(() => liveThrough(world));
  return new TestedTask(world, shown, { ...more, prompts, elapsedMs: clock.now().getTime() - begun });
}

function opened(
  agent: string,
  agentVersion: string,
  { session = {}, metadata = {}, inbox = [] }: Scenario,
  parts: readonly Part[],
  clock: VirtualClock,
): MemoryTask {
  const id = derivedId(`test of ${agent}`);
  const contextId = derivedId(`session of ${agent}`);
  const message: Message = { messageId: derivedId(`${id}:message`), contextId, taskId: id, role: 'ROLE_USER', parts };
  const before = (session === false ? [] : (session.messages ?? [])).map((said, index) =>
    earlierMessage(said, contextId, index),
  );
  const sessionId = session === false ? null : contextId;
  const said = sessionId === null ? before : [...before, message];
  const sessions = new MemorySessions(said, session === false ? {} : (session.state ?? {}));
  const sent = inbox.map((one, index): Message => {
    return {
      messageId: derivedId(`${id}:inbox ${index}`),
      contextId,
      taskId: id,
      role: 'ROLE_USER',
      parts: partsOf(one),
    };
  });
  const task = { id, agent, agentVersion, contextId, sessionId, message, metadata };
  return new MemoryTask(task, sessions, sent, clock.now().toISOString());
}

function earlierMessage(said: string | Message, contextId: string, index: number): Message {
  if (typeof said !== 'string') return said;
  return { messageId: derivedId(`${contextId}:${index}`), contextId, role: 'ROLE_USER', parts: [{ text: said }] };
}

function asked({ text, data, parts = [] }: Scenario): readonly Part[] {
  const all = [...(text === undefined ? [] : [{ text }]), ...(data === undefined ? [] : [{ data }]), ...parts];
  return all.length === 0 ? [{ text: '' }] : all;
}

function isModel(model: Scenario['model']): model is LanguageModel {
  return model !== undefined && !Array.isArray(model);
}

/** `type/name`, of an agent that may need more to be made than a test has. */
function keyOf(tested: Tested): string {
  const target = tested instanceof A2AAgentBaseService ? tested.constructor : tested;
  const options = agentOptionsOf(target) ?? agentOptionsOf((tested as () => object)().constructor);
  const { type, name } = options as { readonly type: string; readonly name: string };
  return `${type}/${name}`;
}
