/** Artifacts put together from their chunks, however they were cut; and tasks put together from their events. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Part } from '../../src/sessions/message.js';
import { foldArtifacts } from '../../src/tasks/fold-artifacts.js';
import { foldOpened, openedEvents } from '../../src/tasks/opened-task.js';
import type { TaskArtifactUpdate } from '../../src/tasks/task.js';
import type { LogEvent, NewEvent } from '../../src/tasks/task-event.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, openTask, sayIn, startLogInstance, status, type LogInstance } from '../support/log-instance.js';

const textPart = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text): Part => ({ text }));
const typedPart = textPart.map((part): Part => ({ ...part, mediaType: 'text/markdown' }));
const dataPart = fc.jsonValue({ maxDepth: 2 }).map((data): Part => ({ data: { data } }));
const part = fc.oneof({ weight: 5, arbitrary: textPart }, typedPart, dataPart);

const update = fc.record({
  artifactId: fc.constantFrom('a', 'b', 'c'),
  parts: fc.array(part, { minLength: 1, maxLength: 3 }),
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

/** Neighbouring parts of text of one kind are one part; an empty text says something only when it is the first. */
function joined(parts: readonly Part[]): Part[] {
  return parts.reduce<Part[]>((before, next) => {
    if (next.text === '' && before.length > 0) return before;
    const last = before.at(-1);
    const goesOn = last?.text !== undefined && next.text !== undefined && last.mediaType === next.mediaType;
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

  const progress = fc.record({ fraction: fc.constantFrom(0, 0.25, 0.5, 1), stage: fc.string({ maxLength: 5 }) });
  const word = fc.option(fc.string({ minLength: 1, maxLength: 5 }), { nil: undefined });
  const event = fc.oneof(
    update.map((given) => ({ update: given })),
    fc.record({ progress, word }),
  );

  it('equals the one that is read from the database', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(event, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.constantFrom(undefined, 0, 1, 5),
        async (appends, historyLength) => {
          const task = await openTask(instance, { metadata: { own: 1 } });
          let key = 0;
          const toEvent = (given: (typeof appends)[number][number]): NewEvent => {
            key += 1;
            if ('update' in given) return { kind: 'artifactUpdate', key: `${key}`, ...toUpdate(given.update) };
            const message = given.word === undefined ? {} : { message: sayIn(task, given.word) };
            return status('WORKING', { key: `${key}`, progress: given.progress, ...message });
          };
          const all = appends.map((events) => events.map(toEvent));
          const answer = sayIn(task, 'Done.');
          all.push([status('COMPLETED', { key: 'end', message: answer, inHistory: true })]);
          for (const [index, events] of all.entries()) await instance.log.append(appendOf(task, index + 1, events));

          const opened = { ...task.opened, running: true };
          const log: LogEvent[] = [];
          const { signal } = new AbortController();
          for await (const found of instance.subscriptions.follow(task.id, 0, signal)) log.push(found);
          expect(log.slice(0, 2)).toEqual(openedEvents(opened));
          const view = { historyLength, artifacts: true };
          const read = await instance.tasks.get(task.caller, task.id, view);
          expect(foldOpened(opened, log.slice(2), view)).toEqual(read);
        },
      ),
      { numRuns: 60 },
    );
  });
});
