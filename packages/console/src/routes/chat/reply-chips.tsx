/** Above the box: what the next message is for, where a task of the session waits for an answer. */
import { Chip, CloseButton, Group, Text, UnstyledButton } from '@mantine/core';
import type { Task } from '@continuo/client';
import { agentOf, questionOf, textOf, titleOf } from '@continuo/client/facts';
import { cut } from '../../components/cut-text.js';
import { texts } from '../../texts.js';
import type { Reply } from './use-reply.js';

const LONGEST = 60;

export function ReplyChips({ waiting, to, choose }: Reply) {
  const [first] = waiting;
  if (first === undefined) return null;
  if (waiting.length > 1) return <Choice waiting={waiting} to={to} choose={choose} />;
  if (to === 'new') {
    return (
      <Group>
        <UnstyledButton className="reply-chip" onClick={() => choose(first)}>
          {texts.chat.answerWhat(askedBy(first))}
        </UnstyledButton>
      </Group>
    );
  }
  return (
    <Group gap={4} wrap="nowrap" className="reply-chip" data-answering={first.id} w="fit-content" maw="100%">
      <Text span size="sm" className="one-line" role="status">
        {texts.chat.answersWhat(askedBy(first))}
      </Text>
      <CloseButton size="xs" aria-label={texts.chat.startInstead} onClick={() => choose('new')} />
    </Group>
  );
}

function Choice({ waiting, to, choose }: Reply) {
  // Tasks that ask the same are told apart by what they were asked themselves.
  const named = (task: Task): string => {
    const asked = askedBy(task);
    const same = waiting.filter((other) => askedBy(other) === asked);
    return same.length > 1 ? `${titleOf(task)}: ${asked}` : asked;
  };
  const value = to === 'new' ? to : (to?.id ?? null);
  return (
    <Group gap={6} role="radiogroup" aria-label={texts.chat.whatFor}>
      <Chip.Group value={value} onChange={(next) => choose(waiting.find(({ id }) => id === next) ?? 'new')}>
        {waiting.map((task) => (
          <Chip key={task.id} size="xs" value={task.id}>
            {named(task)}
          </Chip>
        ))}
        <Chip size="xs" value="new">
          {texts.chat.newTask}
        </Chip>
      </Chip.Group>
    </Group>
  );
}

/** The question in a line. */
function askedBy(task: Task): string {
  const line = textOf(questionOf(task)?.message?.parts)
    .split('\n')
    .map((one) => one.replaceAll(/[*_`#>]+/g, '').trim())
    .find((one) => one !== '');
  return cut(line ?? agentOf(task), LONGEST);
}
