/** What an agent answers, while it writes and after: the same from the first word on. */
import { Group, Text } from '@mantine/core';
import { memo, useRef } from 'react';
import type { Artifact, Part, SessionMessage, Task } from '@continuo/client';
import { INPUT_EXTENSION } from '@continuo/client/extensions';
import { choiceOf, fieldsIn, textIn, textOf } from '@continuo/client/facts';
import { Parts } from '../../components/parts.js';
import { TimeOfDay, timeOf } from '../../components/time.js';
import { texts } from '../../texts.js';
import { AnswerActions } from './answer-actions.js';
import { AnswerFacts } from './answer-facts.js';

const REASONING_EXTENSION = 'urn:continuo:a2a:reasoning:v1';

export interface Answered {
  readonly agent: string;
  readonly parts: readonly Part[];
  /** Undefined while it is only in the task's log. */
  readonly said: SessionMessage | undefined;
  /** It may be that more comes. */
  readonly growing: boolean;
  /** The artifact that it is as well, and its task, where they are known. */
  readonly artifact: Artifact | undefined;
  readonly task: Task | undefined;
}

interface AnswerProps extends Answered {
  readonly onFork: (said: SessionMessage) => void;
  /** Undefined where it can't be asked for again. */
  readonly onRegenerate: (() => void) | undefined;
}

export const Answer = memo(function Answer({ onFork, onRegenerate, ...answered }: AnswerProps) {
  const { agent, said, growing, artifact } = answered;
  const body = useRef<HTMLDivElement>(null);
  const thoughts = textIn(fieldsIn(artifact?.metadata, REASONING_EXTENSION), 'text');
  const at = said?.createdAt;
  return (
    <article className="message answer" aria-label={at === undefined ? agent : texts.chat.from(agent, timeOf(at))}>
      <Group gap={8} mb={6} wrap="nowrap" align="baseline">
        <Text size="sm" fw={600} className="one-line" title={choiceOf(said?.message.metadata)}>
          {agent}
        </Text>
        {at === undefined ? null : (
          <Text size="xs" c="dimmed" flex="none">
            <TimeOfDay at={at} />
          </Text>
        )}
      </Group>
      {thoughts === undefined ? null : (
        <details className="more">
          <summary>{texts.chat.reasoning}</summary>
          <Text size="sm" c="dimmed" className="any-line reasoning">
            {thoughts}
          </Text>
        </details>
      )}
      <div className="message-body" ref={body} data-growing={growing || undefined}>
        <Words parts={answered.parts} metadata={said?.message.metadata} />
      </div>
      {growing ? null : (
        <Group gap={2} mt={6} className="message-foot">
          <AnswerActions {...answered} body={body} onFork={onFork} onRegenerate={onRegenerate} />
          <AnswerFacts {...answered} />
        </Group>
      )}
    </article>
  );
});

/** What a question is about, as data, is for programs: people have the form, and may look at it. */
function Words({ parts, metadata }: Pick<Answered, 'parts'> & { readonly metadata: Part['metadata'] }) {
  const data = parts.filter((part) => part.data !== undefined);
  const asks = fieldsIn(metadata, INPUT_EXTENSION) !== undefined && textOf(parts) !== '';
  if (!asks || data.length === 0) return <Parts parts={parts} under={1} />;
  return (
    <>
      <Parts parts={parts.filter((part) => part.data === undefined)} under={1} />
      <details className="more">
        <summary>{texts.chat.data}</summary>
        <Parts parts={data} under={1} />
      </details>
    </>
  );
}
