/** How turns end that have no answer, whatever the protocol. */
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import type { Settled } from './said.js';

export interface FailedTurn {
  readonly code: 'task_failed' | 'task_rejected' | 'task_canceled';
  /** What the agent said of it, for people. */
  readonly message: string;
}

const codes: Partial<Record<Settled['state'], FailedTurn['code']>> = {
  FAILED: 'task_failed',
  REJECTED: 'task_rejected',
  CANCELED: 'task_canceled',
};

/** Undefined for a turn that has an answer, be it a question. */
export function failedTurn({ state, message }: Settled): FailedTurn | undefined {
  const code = codes[state];
  if (code === undefined) return undefined;
  const words = textOf(message?.parts ?? []);
  return { code, message: words === '' ? `The task ended as ${state.toLowerCase()}.` : words };
}
