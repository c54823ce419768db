/** From a reply to the answer of a task, or to a mail that says why it is none. */
import { ContinuoApiError, type ContinuoClient, type Task } from '@continuo/client';
import { answerFrom, expectedBy } from './answer-from-text.js';
import { hash } from './mails.js';
import { askedBy } from './question.js';
import type { TakenReply } from './reply-listener.js';

const TOO_LATE = 'The question no longer waits for an answer: it was answered, has expired or was withdrawn.';
const GONE = 'The task is not there any more.';

/**
 * Resolves when Continuo has stored the answer; with a sentence for the person when the reply can't be one, and asking again
 * won't change that. Throws for everything else: Continuo is away, or doesn't let us in. The same mail, whenever it comes, is
 * the same message, and answers once.
 */
export async function answerWith(client: ContinuoClient, reply: TakenReply): Promise<string | undefined> {
  const { to, text, from, name } = reply;
  const messageId = `mail-${hash(reply.messageId, to.address)}`;
  try {
    const task = await client.tasks.get(to.taskId, { includeArtifacts: false });
    if (hasMessage(task, messageId)) return undefined;
    const question = askedBy(task);
    if (question === undefined || !to.isQuestion(question.questionId)) return TOO_LATE;
    const part = answerFrom(text, question.schema, [name, from, to.recipient]);
    if (part === undefined) {
      return text === ''
        ? 'There was no text in your reply.'
        : `Please reply with ${expectedBy(question.schema) ?? 'an answer to it'}.`;
    }
    // Who answered is what the mail says: the address it was sent to is what proves that it may.
    const message = { messageId, parts: [part], metadata: { mail: { from, askedAt: to.recipient } } };
    await client.tasks.answer(task, message, { question: question.questionId });
    return undefined;
  } catch (error) {
    const reason = error instanceof ContinuoApiError ? reasonFor(error) : undefined;
    if (reason === undefined) throw error;
    return reason;
  }
}

function reasonFor({ reason, expected }: ContinuoApiError): string | undefined {
  if (reason === 'INVALID_ARGUMENT') return `Please reply with ${expected ?? 'what it asks for'}.`;
  if (reason === 'TASK_GENERATION_MISMATCH' || reason === 'UNSUPPORTED_OPERATION') return TOO_LATE;
  return reason === 'TASK_NOT_FOUND' ? GONE : undefined;
}

function hasMessage({ history = [] }: Task, messageId: string): boolean {
  return history.some((message) => message.messageId === messageId);
}
