/** Which tasks people are asked about. */
import type { Task } from '@continuo/client';
import { expect, it } from 'vitest';
import { askedBy } from '../src/question.js';

function waiting(state: 'INPUT_REQUIRED' | 'AUTH_REQUIRED', extensions: readonly string[] = []): Task {
  const message = { messageId: 'question', role: 'ROLE_AGENT', parts: [{ text: 'May it?' }], extensions } as const;
  return {
    id: 'task',
    contextId: 'context',
    status: { state: `TASK_STATE_${state}`, timestamp: '2026-01-01T00:00:00Z', message },
  };
}

it('asks people what is for them, and neither for credentials nor for what a client is to run', () => {
  expect(askedBy(waiting('INPUT_REQUIRED'))).toMatchObject({ questionId: 'question', text: 'May it?' });
  expect(askedBy(waiting('AUTH_REQUIRED'))).toBeUndefined();
  expect(askedBy(waiting('INPUT_REQUIRED', ['urn:continuo:a2a:client-tools:v1']))).toBeUndefined();
});
