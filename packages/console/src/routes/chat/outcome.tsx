/** What became of a task, in the conversation: what it made, what it asks, and how it ended. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { Artifact, Task } from '@continuo/client';
import { canRetry, failureOf, isWaiting, stateOf, textOf } from '@continuo/client/facts';
import { ArtifactPanel } from '../../components/artifact-panel.js';
import { useRetry } from '../../tasks/actions.js';
import { useTaskLog, type ShownArtifact } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { TaskLink } from './task-link.js';
import { Waiting } from './waiting.js';

interface MadeProps {
  readonly shown: readonly ShownArtifact[];
  readonly onHistory?: () => void;
  readonly numbered?: boolean;
}

export function Made({ shown, ...rest }: MadeProps) {
  return shown.map((one) => <ArtifactPanel key={one.artifact.artifactId} shown={one} order={2} {...rest} />);
}

interface MadeBeforeProps extends Pick<MadeProps, 'shown'> {
  readonly id: string;
}

/** What they were before they were replaced stands in the task's log alone: that is read for whoever asks. */
export function MadeBefore({ id, shown }: MadeBeforeProps) {
  const [withHistory, setWithHistory] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const log = useTaskLog(withHistory ? id : undefined);
  // The button goes: the focus stays with what it was about.
  const showHistory = (): void => {
    place.current?.focus({ preventScroll: true });
    setWithHistory(true);
  };
  if (shown.length === 0) return null;
  const all = shown.map(
    (one) => log.artifacts.find(({ artifact }) => artifact.artifactId === one.artifact.artifactId) ?? one,
  );
  return (
    <Stack gap="sm" ref={place} tabIndex={-1}>
      {withHistory ? (
        <Made shown={all} numbered={log.events > 0} />
      ) : (
        <Made shown={shown.map(({ artifact }) => asNewest(artifact))} onHistory={showHistory} />
      )}
    </Stack>
  );
}

/** What it is now, without what it was. */
export function asNewest(artifact: Artifact): ShownArtifact {
  return { artifact, version: 1, complete: true, earlier: [] };
}

interface AsksOrEndsProps {
  readonly task: Task;
  readonly said: readonly string[];
  readonly onAnswer: (() => void) | undefined;
}

export function AsksOrEnds({ task, said, onAnswer }: AsksOrEndsProps) {
  const state = stateOf(task);
  const retry = useRetry(task.id);
  if (isWaiting(state)) return <Waiting task={task} said={said} onAnswer={onAnswer} />;
  if (state === 'COMPLETED') return null;
  const why = failureOf(task)?.message ?? textOf(task.status.message?.parts);
  return (
    <Group gap="sm" className="panel" px="md" py="xs" wrap="nowrap" role="note">
      <Text size="sm" className="any-line" style={{ flex: 1 }}>
        <Text span fw={600} size="sm">
          {state === 'CANCELED' ? texts.chat.stopped : texts.states[state]}
        </Text>
        {why === '' || said.includes(why.trim()) ? '' : `: ${why}`}
      </Text>
      <TaskLink id={task.id} />
      {canRetry(state) ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={retry.isPending}
          onClick={() => retry.mutate('failed-step')}
        >
          {texts.common.tryAgain}
        </Button>
      ) : null}
    </Group>
  );
}
