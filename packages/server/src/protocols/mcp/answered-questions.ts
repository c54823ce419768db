/** What people have answered in a form: the id of the question says which task it is for, so that any instance takes it. */
import type { Request } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { addressOf } from '../../platform/host-header.js';
import { taskFor } from '../named-agent.js';
import type { ProtocolParts } from '../protocol.js';
import type { RpcResponse } from './messages.js';
import { answerId, answerParts, questionOf } from './questions.js';

const resultSchema = z.object({
  action: z.enum(['accept', 'decline', 'cancel'], { error: "expected 'accept', 'decline' or 'cancel'" }),
  content: z.record(z.string(), z.unknown()).default({}),
});

export class AnsweredQuestions {
  constructor(private readonly parts: Pick<ProtocolParts, 'calls' | 'tasks'>) {}

  /**
   * The answer of a person reaches the task. Whoever declines or dismisses the form, or can't show it, ends the task: the call
   * that waits for it would wait for ever. Throws TASK_GENERATION_MISMATCH when the question is no longer asked, and
   * INVALID_ARGUMENT for an answer that doesn't fit it.
   */
  async take(request: Request, { id, result }: RpcResponse): Promise<void> {
    const question = questionOf(id);
    if (question === undefined) return;
    const { calls, tasks } = this.parts;
    const { taskId, seq } = question;
    const { caller, at } = await taskFor(request, 'write', { tasks, id: taskId });
    const { action, content } =
      result === undefined ? { action: 'cancel', content: {} } : parse(resultSchema, result, 'result');
    if (action !== 'accept') {
      if (at.state === 'INPUT_REQUIRED' && at.lastSeq === seq) await calls.cancel(caller, taskId);
      return;
    }
    const message = {
      messageId: answerId(taskId, seq),
      role: 'ROLE_USER',
      taskId,
      parts: answerParts(at.task, content),
    } as const;
    await calls.send(caller, at.agent, message, { atSeq: seq, requestUrl: () => addressOf(request) });
  }
}
