/** What goes out over gRPC, read by the SDK: the same as its own objects of the same JSON. */
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { SendMessageResponse } from '@a2a-js/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeJson } from '../../src/a2a/grpc/encode-json.js';
import { sdkEvent } from '../../src/tasks/sdk-objects.js';

const read = (json: object): unknown =>
  A2AService.sendStreamingMessage.responseDeserialize(encodeJson('StreamResponse', json));

const messageOf = (said: string) => ({ messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: said }] });

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
// The SDK's reader loses what has this name, in metadata and anywhere in data.
const PROTO = '__proto__';
const name = text.filter((key) => key !== PROTO);
const withoutProto = (key: string, made: unknown): unknown => (key === PROTO ? undefined : made);
const value = fc.jsonValue({ maxDepth: 3 }).map((made) => JSON.parse(JSON.stringify(made), withoutProto) as unknown);
const metadata = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });
const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const content = fc.oneof(
  fc.record({ text }),
  fc.record({ data: value }),
  fc.record({ url: text }),
  fc.record({ raw: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')) }),
);
const part = fc
  .tuple(content, fc.record({ metadata: some(metadata), filename: some(text), mediaType: some(text) }))
  .map(([said, rest]) => ({ ...said, ...rest }));
const parts = fc.array(part, { maxLength: 3 });
const message = fc.record({
  messageId: text,
  contextId: some(text),
  role: fc.constantFrom('ROLE_USER', 'ROLE_AGENT'),
  parts,
  metadata: some(metadata),
  extensions: some(fc.array(text, { maxLength: 2 })),
  referenceTaskIds: some(fc.array(text, { maxLength: 2 })),
});
const artifact = fc.record({ artifactId: text, name: some(text), parts, metadata: some(metadata) });
const status = fc.record({
  state: fc.constantFrom('TASK_STATE_WORKING', 'TASK_STATE_COMPLETED', 'TASK_STATE_AUTH_REQUIRED'),
  message: some(message),
  timestamp: some(
    fc
      .date({ min: new Date(-1e12), max: new Date('9999-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  ),
});
const ids = { taskId: text, contextId: text };
const events = fc.oneof(
  fc.record({
    task: fc.record({
      id: text,
      contextId: text,
      status,
      artifacts: some(fc.array(artifact, { maxLength: 2 })),
      history: some(fc.array(message, { maxLength: 2 })),
      metadata: some(metadata),
    }),
  }),
  fc.record({ message }),
  fc.record({ statusUpdate: fc.record({ ...ids, status, metadata: some(metadata) }) }),
  fc.record({
    artifactUpdate: fc.record({
      ...ids,
      artifact,
      append: some(fc.boolean()),
      lastChunk: some(fc.boolean()),
      metadata: some(metadata),
    }),
  }),
);

describe('what goes out over gRPC', () => {
  it('is the event that it was in JSON', () => {
    fc.assert(
      fc.property(events, (event) => {
        expect(read(event)).toEqual(sdkEvent(event));
      }),
    );
  });

  it.each([
    ['short', 'a'.repeat(64)],
    ['longer', 'a'.repeat(65)],
    ['long, in other letters', 'ä€😀'.repeat(30)],
    ['with half of a letter', `${'a'.repeat(70)}\ud83d`],
    ['larger than what a writer begins with', 'ä'.repeat(100_000)],
    ['larger than what a writer keeps', 'a'.repeat(3_000_000)],
  ])('is the text that it was: %s', (_, said) => {
    const event = { statusUpdate: { taskId: 't', status: { state: 'TASK_STATE_WORKING', message: messageOf(said) } } };
    expect(read(event)).toEqual(sdkEvent(JSON.parse(JSON.stringify(event).replace('\\ud83d"', '\ufffd"')) as object));
  });

  it.each([0, 127, 128, 16_383, 16_384])('has the length of what is in it: %i bytes', (length) => {
    const event = { message: { ...messageOf('x'.repeat(length)), extensions: ['y'.repeat(length)] } };
    expect(read(event)).toEqual(sdkEvent(event));
  });

  it('says nothing of what an answer has no field for, and is unharmed by one that could not be written', () => {
    const answer = { message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: '😀' }], later: 1 }, other: {} };
    const broken = { statusUpdate: { taskId: 't', status: { timestamp: 'never' } } };
    expect(() => encodeJson('StreamResponse', broken)).toThrow('NaN');
    const bytes = encodeJson('SendMessageResponse', answer);
    expect(A2AService.sendMessage.responseDeserialize(bytes)).toEqual(SendMessageResponse.fromJSON(answer));
  });
});
