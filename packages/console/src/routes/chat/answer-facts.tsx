/** What an answer took: which model, how many tokens, what they cost, how long it was worked on. As far as it is recorded. */
import { Text } from '@mantine/core';
import type { Task } from '@continuo/client';
import { createdAt, fieldsIn, hasEnded, stateOf, textIn } from '@continuo/client/facts';
import { duration } from '../../components/time.js';
import { texts } from '../../texts.js';
import type { Answered } from './answer.js';

const USAGE_EXTENSION = 'urn:continuo:a2a:usage:v1';

export function AnswerFacts({ artifact, task }: Pick<Answered, 'artifact' | 'task'>) {
  const model = textIn(artifact?.metadata, 'model');
  const usage = fieldsIn(artifact?.metadata, 'usage');
  const cost = fieldsIn(task?.metadata, USAGE_EXTENSION)?.['cost'];
  const [input, output] = [usage?.['inputTokens'], usage?.['outputTokens']];
  const facts = [
    // The provider is what the server was told; the model is what people know.
    model?.slice(model.indexOf('/') + 1),
    typeof input === 'number' && typeof output === 'number' ? texts.chat.tokens(input, output) : undefined,
    typeof cost === 'number' ? texts.chat.cost(cost) : undefined,
    timeTaken(task),
  ].filter((fact) => fact !== undefined && fact !== '');
  if (model === undefined || facts.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" ml={6} className="answer-facts">
      {facts.join(' · ')}
    </Text>
  );
}

function timeTaken(task: Task | undefined): string | undefined {
  const begun = task === undefined ? undefined : createdAt(task);
  if (task === undefined || begun === undefined || !hasEnded(stateOf(task))) return undefined;
  return duration(Date.parse(task.status.timestamp) - begun.getTime());
}
