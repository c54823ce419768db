/** Asks a person whether a tool of another framework's agent may run. */
import { argumentsInWords, decisionIn } from '../tools/ask-approval.js';
import type { InputAnswer, TaskContext } from '../task-context.js';

interface Asking extends Pick<TaskContext, 'agent'> {
  readonly ask: (question: string) => Promise<InputAnswer>;
}

/** Whether what they `said` is clearly a yes. */
export async function askAllowed(
  { agent, ask }: Asking,
  name: string,
  input: unknown,
): Promise<{ readonly allowed: boolean; readonly said: string }> {
  const { text } = await ask(
    `${agent} wants to use the tool ${name} with ${argumentsInWords(input)}. Is that all right?`,
  );
  const { decision } = decisionIn(text) ?? { decision: 'deny' };
  return { allowed: decision !== 'deny', said: text };
}
