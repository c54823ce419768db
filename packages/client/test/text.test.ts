/** What a task has answered, wherever it says so. */
import { expect, it } from 'vitest';
import { answerOf } from '../src/text.js';

const artifact = (name: string, ...texts: readonly string[]) => ({
  artifactId: name + texts.join(''),
  name,
  parts: texts.map((text) => ({ text })),
});
const status = { state: 'TASK_STATE_COMPLETED' as const, timestamp: '2026-01-31T12:00:00Z' };

it('is in all artifacts that are called so, or in all that there are, or in the last words', () => {
  expect(
    answerOf({ artifacts: [artifact('answer', 'one'), artifact('log', 'x'), artifact('answer', 'two')], status }),
  ).toBe('one\ntwo');
  expect(answerOf({ artifacts: [artifact('log', 'begun'), artifact('result', 'done')], status })).toBe('begun\ndone');
  const message = { messageId: 'm', role: 'ROLE_AGENT' as const, parts: [{ text: 'Sorry.' }] };
  expect(answerOf({ artifacts: [], status: { ...status, message } })).toBe('Sorry.');
});
