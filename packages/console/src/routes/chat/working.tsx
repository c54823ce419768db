/** That a task goes on, how far it is, and a way to stop it where the composer has none. */
import { Button, Group, Progress, Text } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import type { Task } from '@continuo/client';
import { agentOf, doneOf } from '@continuo/client/facts';
import { useCancel } from '../../tasks/actions.js';
import type { TaskLogView } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { TaskLink } from './task-link.js';

interface WorkingProps {
  readonly task: Task;
  readonly speaker: Task;
  readonly stage: TaskLogView['progress'];
  /** The composer stops it. */
  readonly stoppedBelow: boolean;
}

export function Working({ task, speaker, stage, stoppedBelow }: WorkingProps) {
  const cancel = useCancel(task.id);
  const done = doneOf(task, stage?.fraction) ?? 0;
  return (
    <Group gap="sm" wrap="nowrap">
      <span className="dot" data-lively style={{ background: 'var(--mantine-color-blue-6)' }} />
      <Text size="sm" c="dimmed" className="one-line" role="status" style={{ flex: 1 }}>
        {stage === undefined || stage.stage === '' ? texts.chat.answering(agentOf(speaker)) : stage.stage}
      </Text>
      {done > 0 ? (
        <Progress value={done * 100} w={90} size="sm" aria-label={texts.task.progressOf(agentOf(task))} />
      ) : null}
      <TaskLink id={task.id} />
      {stoppedBelow ? null : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(undefined)}
        >
          {texts.chat.stop}
        </Button>
      )}
    </Group>
  );
}
