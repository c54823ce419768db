/** Tasks that wait for tools which their clients' programs run: to be seen, and nothing that people have to answer. */
import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import { questionOf, textOf, titleOf } from '@continuo/client/facts';
import { Ago } from '../../components/time.js';
import { texts } from '../../texts.js';

/** Nothing where there are none. */
export function OfPrograms({ tasks }: { readonly tasks: readonly Task[] }) {
  if (tasks.length === 0) return null;
  return (
    <Stack component="section" gap="xs" aria-labelledby="of-programs" mt="sm">
      <div>
        <Title order={2} id="of-programs">
          {texts.inbox.programs}
        </Title>
        <Text size="sm" c="dimmed">
          {texts.inbox.programsHint}
        </Text>
      </div>
      <ul className="inbox-list" aria-labelledby="of-programs">
        {tasks.map((task) => (
          <li key={task.id} className="panel inbox-head" data-task={task.id}>
            <Link to="/tasks/$id" params={{ id: task.id }} className="one-line">
              {titleOf(task)}
            </Link>
            <Text size="xs" c="dimmed" className="one-line">
              {textOf(questionOf(task)?.message?.parts)} · <Ago at={task.status.timestamp} />
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
