/** A task that waits, in the conversation: where it was asked, without asking again. */
import { Button, Group, Text } from '@mantine/core';
import type { Task } from '@continuo/client';
import { Markdown } from '../../components/markdown.js';
import { QuestionPanel, wantsForm } from '../../components/question-panel.js';
import { colourOf } from '../../components/state-label.js';
import { At } from '../../components/time.js';
import { questionOf, stateOf, textOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { TaskLink } from './task-link.js';

interface WaitingProps {
  readonly task: Task;
  /** What was said before it: a question that is among it isn't repeated. */
  readonly said: readonly string[];
  /** Undefined where the box is for the answer already. */
  readonly onAnswer: (() => void) | undefined;
}

export function Waiting({ task, said, onAnswer }: WaitingProps) {
  const question = questionOf(task);
  if (question === undefined) return null;
  const text = textOf(question.message?.parts).trim();
  const told = said.includes(text);
  if (wantsForm(question)) return <QuestionPanel task={task} told={told} />;
  return (
    <>
      {told ? null : <Markdown text={text} under={1} />}
      <Group gap="sm" wrap="nowrap" role="status">
        <span className="dot" style={{ background: colourOf(stateOf(task)) }} />
        <Text size="sm" c="dimmed" className="one-line" style={{ flex: 1 }}>
          {texts.question.title}
          {question.expiresAt === undefined ? null : (
            <>
              {' · '}
              {texts.question.until} <At at={question.expiresAt} />
            </>
          )}
        </Text>
        <TaskLink id={task.id} />
        {onAnswer === undefined ? null : (
          <Button size="xs" variant="default" onClick={onAnswer}>
            {texts.chat.answer}
          </Button>
        )}
      </Group>
    </>
  );
}
