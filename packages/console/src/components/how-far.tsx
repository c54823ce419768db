/** How far a task is: a bar and the number, and what it is doing. */
import { Group, Progress, Text } from '@mantine/core';
import type { Task } from '@continuo/client';
import { agentOf, doneOf } from '@continuo/client/facts';
import { percent } from '../formats.js';
import { texts } from '../texts.js';
import { plainLine } from './plain-line.js';

interface HowFarProps {
  readonly task: Task;
  /** What its log says, from 0 to 1, where that is read. */
  readonly live?: number | undefined;
  /** Whose progress it is. Default: the agent's. */
  readonly name?: string;
}

/** Over the whole width; nothing for what has not begun, or has ended without being completed. */
export function HowFar({ task, live, name = agentOf(task) }: HowFarProps) {
  const done = doneOf(task, live);
  if (done === undefined || done === 0) return null;
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress value={done * 100} style={{ flex: 1 }} aria-label={texts.task.progressOf(name)} />
      <Text size="sm" className="numbers" w={48} ta="right">
        {percent(done)}
      </Text>
    </Group>
  );
}

/** In a row of a list; of what ended without being completed, why. */
export function HowFarInRow({ task, said }: { readonly task: Task; readonly said: string }) {
  const done = doneOf(task);
  return (
    <Group gap="sm" wrap="nowrap" style={{ flex: '2 1 220px' }} miw={0}>
      {done === undefined ? null : (
        <Progress
          value={done * 100}
          size="sm"
          w={90}
          style={{ flex: 'none' }}
          aria-label={texts.task.progressOf(agentOf(task))}
        />
      )}
      <Text size="sm" c="dimmed" className="one-line numbers">
        {[done === undefined ? '' : percent(done), plainLine(said)].filter((part) => part !== '').join(' · ')}
      </Text>
    </Group>
  );
}
