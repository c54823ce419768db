/** What goes by the SDK's reader and writer is what it would have made of it. */
import { Message as SdkMessage, Task as SdkTask } from '@a2a-js/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { messageSchema } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { isReadAlike, isWrittenAlike, plainMessageOf, withOneContent } from '../../src/a2a/plain-messages.js';
import { sendParams } from '../../src/a2a/wire-requests.js';

const odd = fc.constantFrom('', 'x', null, undefined, [], ['a'], {}, { a: 1 });
/** Mostly not there, sometimes as it should be, seldom something else. */
const member = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 40 },
    { arbitrary: value, weight: 8 },
    { arbitrary: odd, weight: 1 },
  );
const few = <Value>(item: fc.Arbitrary<Value>) =>
  fc.oneof(
    { arbitrary: fc.array(item, { minLength: 1, maxLength: 2 }), weight: 9 },
    { arbitrary: fc.constant([]), weight: 1 },
  );
const text = fc.constantFrom('a', 'b', 'c', 'Grüße', '');
const raw = fc.constantFrom('QQ==', 'QR==', '');
const anything = fc.dictionary(text, fc.jsonValue({ maxDepth: 1 }));

const part = fc.oneof(
  { arbitrary: fc.record({ text }), weight: 3 },
  {
    weight: 1,
    arbitrary: fc.record({
      text: member(text),
      url: member(fc.constant('https://example.com/a')),
      raw: member(raw),
      data: member(fc.jsonValue({ maxDepth: 1 })),
      metadata: member(anything),
      filename: member(text),
      mediaType: member(text),
      media_type: member(text),
    }),
  },
);
const ids = fc.record(
  { contextId: member(text), context_id: member(text), taskId: member(text), task_id: member(text), more: member(odd) },
  { requiredKeys: [] },
);
const message = fc
  .tuple(
    fc.record({ messageId: fc.constantFrom('m', 'n'), role: fc.constantFrom('ROLE_USER', 'ROLE_AGENT') }),
    few(part),
    ids,
    fc.record(
      {
        metadata: member(anything),
        extensions: member(odd),
        referenceTaskIds: member(odd),
        reference_task_ids: member(odd),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([first, parts, ...others]) => withoutUnset({ ...first, parts, ...others[0], ...others[1] }));

/** As JSON brings it: what is undefined isn't there. */
function withoutUnset(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

it('a message that is read without its schema', () => {
  const plainest = fc
    .tuple(fc.array(fc.record({ text: fc.string({ unit: 'binary' }) }), { minLength: 1, maxLength: 2 }), ids)
    .map(([parts, some]) => withoutUnset({ messageId: 'm', role: 'ROLE_USER', parts, ...some }));
  let plain = 0;
  fc.assert(
    fc.property(fc.oneof(message, plainest), (wire) => {
      const read = plainMessageOf({ message: wire });
      if (read === undefined) return;
      plain += 1;
      expect(withoutUnset(sendParams.parse({ message: wire }).message)).toEqual(read);
      expect(isReadAlike(wire, read)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
  expect(plain).toBeGreaterThan(100);
});

it('whatever is not plain is left to the schema', () => {
  const parts = [{ text: 'Hello' }];
  const plain = { messageId: 'm', role: 'ROLE_USER', parts };
  expect(plainMessageOf({ message: plain })).toBe(plain);
  const others: readonly object[] = [
    { ...plain, messageId: '' },
    { ...plain, messageId: 'm'.repeat(257) },
    { ...plain, contextId: '' },
    { ...plain, taskId: null },
    { ...plain, role: 'ROLE_AGENT' },
    { ...plain, metadata: {} },
    { ...plain, parts: [] },
    { ...plain, parts: Array.from({ length: 1_001 }, () => ({ text: '' })) },
    { ...plain, parts: [{ text: 'a\0b' }] },
    { ...plain, parts: [{ text: '\ud800' }] },
    { ...plain, parts: [{ text: 'a', mediaType: 'text/plain' }] },
    { ...plain, parts: [{ data: 1 }] },
  ];
  expect(others.map((other) => plainMessageOf({ message: other }))).toEqual(others.map(() => undefined));
  expect(plainMessageOf({ message: plain, metadata: {} })).toBeUndefined();
  expect(plainMessageOf({})).toBeUndefined();
});

it('a message that is read without the SDK', () => {
  let alike = 0;
  fc.assert(
    fc.property(message, (wire) => {
      const read = messageSchema.safeParse(wire);
      if (!read.success || !isReadAlike(wire, read.data)) return;
      alike += 1;
      const bySdk = messageSchema.parse(SdkMessage.toJSON(SdkMessage.fromJSON(withOneContent(wire, read.data))));
      expect(withoutUnset(read.data)).toEqual(withoutUnset(bySdk));
    }),
    { numRuns: 3_000 },
  );
  expect(alike).toBeGreaterThan(20);
});

it('a task that is written without the SDK', () => {
  const artifact = fc
    .record({
      artifactId: fc.constantFrom('a', 'b', 'c', 'd', ''),
      name: member(text),
      description: member(text),
      parts: few(part),
      metadata: member(anything),
      extensions: member(odd),
    })
    .map(withoutUnset);
  const status = fc.record(
    { state: fc.constant('TASK_STATE_WORKING'), timestamp: fc.constant('2026-01-01T00:00:00.000Z'), message },
    { requiredKeys: ['state', 'timestamp'] },
  );
  const task = fc.record(
    {
      id: fc.constant('t'),
      contextId: fc.constantFrom('c', 'd', 'e', ''),
      status,
      artifacts: few(artifact),
      history: few(message),
      metadata: anything,
    },
    { requiredKeys: ['id', 'contextId', 'status'] },
  ) as fc.Arbitrary<Task>;
  let alike = 0;
  fc.assert(
    fc.property(task, (wire) => {
      if (!isWrittenAlike(wire)) return;
      alike += 1;
      expect(withoutUnset(wire)).toEqual(withoutUnset(SdkTask.toJSON(SdkTask.fromJSON(wire))));
    }),
    { numRuns: 3_000 },
  );
  expect(alike).toBeGreaterThan(20);
});
