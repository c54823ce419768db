/** One fold of a task's log: whoever folds it, however it was cut, has the task that is stored. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { foldArtifacts, heldStage, howFarAfter, JUST_OPENED } from '@continuo/agent/internal/tasks/fold.js';
import type { LogEvent, NewEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import { HELD_EXTENSION, PROGRESS_EXTENSION, type TaskArtifactUpdate } from '@continuo/agent/internal/tasks/task.js';
import { artifactContent } from '../../src/tasks/artifact-content.js';
import { foldOpened, openedEvents } from '../../src/tasks/opened-task.js';
import { createTestDatabase } from '../support/database.js';
import {
  appendOf,
  openTask,
  sayIn,
  startLogInstance,
  status,
  type LogInstance,
  type OwnTask,
} from '../support/log-instance.js';

const textPart = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text): Part => ({ text }));
const typedPart = textPart.map((plain): Part => ({ ...plain, mediaType: 'text/markdown' }));
const dataPart = fc.jsonValue({ maxDepth: 2 }).map((data): Part => ({ data: { data } }));
const filePart = textPart.map((plain): Part => ({ ...plain, filename: 'a.txt' }));
const notedPart = textPart.map((plain): Part => ({ ...plain, metadata: { own: 1 } }));
const anyPart = fc.oneof({ weight: 5, arbitrary: textPart }, typedPart, filePart, notedPart, dataPart);

const update = fc.record({
  artifactId: fc.constantFrom('a', 'b', 'c'),
  parts: fc.array(anyPart, { minLength: 1, maxLength: 3 }),
  append: fc.boolean(),
  name: fc.option(fc.string({ minLength: 1, maxLength: 5 }), { nil: undefined }),
});

function toUpdate({ artifactId, parts, append, name }: typeof update extends fc.Arbitrary<infer T> ? T : never) {
  const artifact = { artifactId, parts, ...(name === undefined ? {} : { name }) };
  return { taskId: 't', contextId: 'c', artifact, append, lastChunk: false } satisfies TaskArtifactUpdate;
}

/** The same as `foldArtifacts`, as one would write it without a thought for its cost. */
function naive(updates: readonly TaskArtifactUpdate[]): unknown {
  const artifacts: { artifactId: string; parts: Part[] }[] = [];
  for (const { artifact, append } of updates) {
    const index = artifacts.findIndex(({ artifactId }) => artifactId === artifact.artifactId);
    const known = artifacts[index];
    if (known !== undefined && append) {
      artifacts[index] = { ...known, ...artifact, parts: joined([...known.parts, ...artifact.parts]) };
    } else {
      if (known !== undefined) artifacts.splice(index, 1);
      artifacts.push({ ...artifact, parts: joined(artifact.parts) });
    }
  }
  return artifacts;
}

/** Neighbouring parts of text of one kind are one part; an empty text says something only when it is the first, or noted. */
function joined(parts: readonly Part[]): Part[] {
  return parts.reduce<Part[]>((before, next) => {
    if (next.text === '' && before.length > 0 && next.metadata === undefined) return before;
    const last = before.at(-1);
    const same = last?.mediaType === next.mediaType && last?.filename === next.filename;
    const goesOn = last?.text !== undefined && next.text !== undefined && same && next.metadata === undefined;
    return goesOn ? [...before.slice(0, -1), { ...last, text: last.text + next.text }] : [...before, next];
  }, []);
}

describe('foldArtifacts', () => {
  it('equals the naive fold', () => {
    fc.assert(
      fc.property(fc.array(update, { maxLength: 30 }), (updates) => {
        const chunks = updates.map(toUpdate);
        expect(foldArtifacts(chunks)).toEqual(naive(chunks));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the whole text as one part, wherever it was cut', () => {
    const cuts = fc.array(fc.nat(60), { maxLength: 20 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), cuts, (text, where) => {
        const edges = [0, ...where.map((cut) => Math.min(cut, text.length)).toSorted((x, y) => x - y), text.length];
        const pieces = edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
        const chunks = pieces.map((piece, index) =>
          toUpdate({ artifactId: 'a', parts: [{ text: piece }], append: index > 0, name: undefined }),
        );
        expect(foldArtifacts(chunks)).toEqual([{ artifactId: 'a', parts: [{ text }] }]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a task put together from its events', () => {
  let instance: LogInstance;

  beforeAll(async () => {
    const { url } = await createTestDatabase();
    instance = await startLogInstance(url);
  });

  // As agents report it: in ten-thousandths.
  const fraction = fc.nat(10_000).map((parts) => parts / 10_000);
  const progress = fc.record({ fraction, stage: fc.string({ maxLength: 5 }) });
  const word = fc.option(fc.string({ minLength: 1, maxLength: 5 }), { nil: undefined });
  const held = fc.constantFrom(
    { finished: 'step "load"', found: 'step "load order"', since: '2026-03-01T12:00:00.000Z' },
    { finished: 'question "Go on?"', found: 'the end', since: '2026-03-02T12:00:00.000Z' },
    null,
    undefined,
  );
  const anyEvent = fc.oneof(
    update.map((given) => ({ update: given })),
    fc.record({ progress, word, held }),
  );
  type Given = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never;
  const said = fc.array(anyEvent, { minLength: 1, maxLength: 4 });

  function toEvent(task: OwnTask, given: Given): NewEvent {
    if ('update' in given) return { kind: 'artifactUpdate', key: newId(), ...toUpdate(given.update) };
    const message = given.word === undefined ? {} : { message: sayIn(task, given.word) };
    const { progress: shown, held: why } = given;
    return status('WORKING', { progress: shown, ...message, ...(why === undefined ? {} : { held: why }) });
  }

  async function logOf({ id, caller }: OwnTask): Promise<readonly LogEvent[]> {
    const log: LogEvent[] = [];
    const { lastSeq } = await instance.tasks.get(caller, id, { historyLength: 0, artifacts: false });
    const { signal } = new AbortController();
    for await (const found of instance.subscriptions.follow(id, 0, signal)) {
      log.push(found);
      if (found.seq === lastSeq) break;
    }
    return log;
  }

  it('equals the one that is read from the database', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(said, { maxLength: 6 }),
        fc.constantFrom(undefined, 0, 1, 5),
        async (appends, historyLength) => {
          const task = await openTask(instance, { metadata: { own: 1 } });
          const all = appends.map((events) => events.map((given) => toEvent(task, given)));
          const answer = sayIn(task, 'Done.');
          all.push([status('COMPLETED', { key: 'end', message: answer, inHistory: true })]);
          for (const [index, events] of all.entries()) await instance.log.append(appendOf(task, index + 1, events));

          const opened = { ...task.opened, running: true };
          const log = await logOf(task);
          expect(log.slice(0, 2)).toEqual(openedEvents(opened));
          const view = { historyLength, artifacts: true };
          const read = await instance.tasks.get(task.caller, task.id, view);
          expect(foldOpened(opened, log.slice(2), view)).toEqual(read);
        },
      ),
      { numRuns: 60 },
    );
  });

  const asked = fc.record({ question: word, progress: fc.option(progress, { nil: undefined }) });
  const turn = fc.oneof(
    { weight: 4, arbitrary: said.map((events) => ({ events })) },
    asked.map((ask) => ({ ask })),
    fc.constantFrom('start', 'failed-step').map((from) => ({ from }) as const),
  );
  type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

  /** Does what `turn` says, as the run of `task` at append `runSeq`; the run that goes on. */
  async function take(task: OwnTask, runSeq: number, given: Turn): Promise<readonly [OwnTask, number]> {
    const { id, caller } = task;
    const view = { historyLength: 0, artifacts: false };
    if ('events' in given) {
      const events = given.events.map((one) => toEvent(task, one));
      await instance.log.append(appendOf(task, runSeq, events));
      return [task, runSeq + 1];
    }
    if ('ask' in given) {
      const { question, progress: shown } = given.ask;
      const message = sayIn(task, question ?? '?');
      const event = status('INPUT_REQUIRED', { message, inHistory: true, ...(shown && { progress: shown }) });
      await instance.log.append(appendOf(task, runSeq, [event]));
      const answer = { messageId: newId(), contextId: task.contextId, taskId: id, role: 'ROLE_USER' as const };
      const yes = { ...answer, parts: [{ text: 'yes' }] };
      await instance.tasks.answer(await instance.tasks.get(caller, id, view), yes, { by: null });
    } else {
      await instance.log.append(appendOf(task, runSeq, [status('FAILED', { message: sayIn(task, 'no') })]));
      await instance.tasks.retry(caller, id, { from: given.from, key: `retry:${newId()}`, by: null });
    }
    const token = newId();
    const at = new Date().toISOString();
    await instance.log.claim({ taskId: id, token, instanceId: instance.id, at });
    return [{ ...task, token }, 1];
  }

  it('equals it after questions and retries, too, in its artifacts, in how far it is, and as files', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 8 }), fc.boolean(), async (turns, ends) => {
        const task = await openTask(instance, { metadata: { own: 1 } });
        let [own, runSeq]: readonly [OwnTask, number] = [task, 1];
        for (const given of turns) [own, runSeq] = await take(own, runSeq, given);
        if (ends) await instance.log.append(appendOf(own, runSeq, [status('FAILED', { message: sayIn(own, 'no') })]));

        const log = await logOf(task);
        const read = await instance.tasks.get(task.caller, task.id, { historyLength: 0, artifacts: true });
        const chunks = log.flatMap(({ response }) => ('artifactUpdate' in response ? [response.artifactUpdate] : []));
        const updates = log.flatMap(({ response }) => ('statusUpdate' in response ? [response.statusUpdate] : []));
        const howFar = updates.reduce(howFarAfter, JUST_OPENED);
        const artifacts = foldArtifacts(chunks);
        expect(artifacts).toEqual(read.task.artifacts);
        expect(howFar.state).toBe(read.task.status.state);
        const { [PROGRESS_EXTENSION]: of = {}, [HELD_EXTENSION]: why } = read.task.metadata ?? {};
        expect(howFar.held).toEqual(why);
        const { fraction: shown, stage, attempt = 1 } = of as Record<string, unknown>;
        const ofState = isTerminal(read.state) ? read.state.toLowerCase() : '';
        const ofFold = howFar.held === undefined ? (howFar.stage ?? ofState) : heldStage(howFar.held);
        expect([howFar.fraction ?? 0, ofFold, howFar.attempt]).toEqual([shown, stage, attempt]);
        for (const { artifactId, parts } of artifacts) {
          expect(await filesOf(task.id, artifactId, parts.length)).toEqual(parts.map(toFile));
        }
      }),
      { numRuns: 60 },
    );
  });

  /** The parts of the artifact as the files that the server makes of them, and that there is none behind them. */
  async function filesOf(taskId: string, artifactId: string, parts: number): Promise<readonly unknown[]> {
    const files: unknown[] = [];
    for (let part = 0; part <= parts; part += 1) {
      const content = await artifactContent(instance.database, instance.log.objects, { taskId, artifactId, part });
      if (content === undefined) continue;
      const pieces: Buffer[] = [];
      for await (const piece of content.read(0, content.bytes - 1)) pieces.push(piece);
      const text = Buffer.concat(pieces).toString();
      files.push(content.mediaType === 'application/json' ? (JSON.parse(text) as unknown) : text);
    }
    return files;
  }

  const toFile = ({ text, data }: Part): unknown => text ?? data;
});
