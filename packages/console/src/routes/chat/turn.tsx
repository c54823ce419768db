/** One message, and what became of the task behind it: answers as they are written, artifacts, questions, failures. */
import { ActionIcon, Button, Group, Progress, Stack, Text, Tooltip } from '@mantine/core';
import { IconGitFork, IconPencil, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo, useRef, useState } from 'react';
import type { Artifact, SessionMessage, Task } from '@continuo/client';
import { ArtifactPanel } from '../../components/artifact-panel.js';
import { Parts } from '../../components/parts.js';
import { useCancel, useRetry } from '../../tasks/actions.js';
import { INPUT_EXTENSION } from '@continuo/client/extensions';
import {
  agentOf,
  canRetry,
  choiceOf,
  contentOf,
  doneOf,
  failureOf,
  fieldsIn,
  hasEnded,
  isWaiting,
  stateOf,
  textOf,
} from '@continuo/client/facts';
import { useTaskLog, type ShownArtifact } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { Waiting } from './waiting.js';

interface MessageViewProps {
  readonly said: SessionMessage;
  readonly onFork: (said: SessionMessage) => void;
  /** Undefined for what can't be said anew. */
  readonly onEdit: ((said: SessionMessage) => void) | undefined;
}

export const MessageView = memo(function MessageView({ said, onFork, onEdit }: MessageViewProps) {
  const own = said.message.role === 'ROLE_USER';
  const name = own ? texts.task.you : (said.agent ?? '');
  const choice = choiceOf(said.message.metadata);
  const time = new Date(said.createdAt).toLocaleTimeString('en', { timeStyle: 'short' });
  return (
    <article className="message" data-own={own || undefined} aria-label={texts.chat.from(name, time)}>
      <Group gap={2} mb={4} wrap="nowrap" className="message-head">
        <Text size="xs" c="dimmed" title={choice} mr={6}>
          <Text span inherit fw={600} c="var(--mantine-color-text)">
            {name}
          </Text>{' '}
          {time}
        </Text>
        {onEdit === undefined ? null : (
          <MessageAction label={texts.chat.edit} icon={IconPencil} onClick={() => onEdit(said)} />
        )}
        <MessageAction label={texts.chat.fork} icon={IconGitFork} onClick={() => onFork(said)} />
      </Group>
      <div className="message-body">
        <Said message={said.message} />
      </div>
    </article>
  );
});

/** What a question is about, as data, is for programs: people have the form, and may look at it. */
function Said({ message }: Pick<SessionMessage, 'message'>) {
  const data = message.parts.filter((part) => part.data !== undefined);
  const asks = fieldsIn(message.metadata, INPUT_EXTENSION) !== undefined && textOf(message.parts) !== '';
  if (!asks || data.length === 0) return <Parts parts={message.parts} under={1} />;
  return (
    <>
      <Parts parts={message.parts.filter((part) => part.data === undefined)} under={1} />
      <details className="more">
        <summary>{texts.chat.data}</summary>
        <Parts parts={data} under={1} />
      </details>
    </>
  );
}

interface MessageActionProps {
  readonly label: string;
  readonly icon: typeof IconPencil;
  readonly onClick: () => void;
}

function MessageAction({ label, icon: Icon, onClick }: MessageActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        className="message-action"
        aria-label={label}
        onClick={onClick}
      >
        <Icon size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

interface OutcomeProps {
  readonly task: Task;
  readonly said: readonly string[];
  /** Undefined where the box is for its answer already. */
  readonly onAnswer: (() => void) | undefined;
}

/** What stands behind the last message of a task. */
export function Outcome({ task, said, onAnswer }: OutcomeProps) {
  const state = stateOf(task);
  const [withHistory, setWithHistory] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  if (isWaiting(state)) {
    return (
      <Stack gap="sm" data-live={task.id}>
        <Made task={task} said={said} />
        <Waiting task={task} said={said} onAnswer={onAnswer} />
      </Stack>
    );
  }
  if (!hasEnded(state)) return <Live task={task} said={said} />;
  // The button goes: the focus stays with what it was about.
  const showHistory = (): void => {
    place.current?.focus({ preventScroll: true });
    setWithHistory(true);
  };
  const artifacts = (task.artifacts ?? []).filter((artifact) => !repeats(artifact, said));
  return (
    <Stack gap="sm" ref={place} tabIndex={-1}>
      {withHistory ? (
        <WithHistory id={task.id} artifacts={artifacts} />
      ) : (
        <Artifacts shown={artifacts.map(asNewest)} onHistory={showHistory} />
      )}
      {state === 'COMPLETED' ? null : <Ended task={task} said={said} />}
    </Stack>
  );
}

/** An answer is an artifact of its task and a message of the session: it is shown once. */
function repeats(artifact: Artifact, said: readonly string[]): boolean {
  const content = contentOf(artifact.parts);
  return content !== '' && said.includes(content);
}

function asNewest(artifact: Artifact): ShownArtifact {
  return { artifact, version: 1, complete: true, earlier: [] };
}

interface ArtifactsProps {
  readonly shown: readonly ShownArtifact[];
  readonly onHistory?: () => void;
  readonly numbered?: boolean;
}

function Artifacts({ shown, ...rest }: ArtifactsProps) {
  return shown.map((one) => <ArtifactPanel key={one.artifact.artifactId} shown={one} order={2} {...rest} />);
}

/** What they were before they were replaced stands in the task's log alone. */
function WithHistory({ id, artifacts }: { readonly id: string; readonly artifacts: readonly Artifact[] }) {
  const log = useTaskLog(id);
  const shown = artifacts.map(
    (artifact) => log.artifacts.find((one) => one.artifact.artifactId === artifact.artifactId) ?? asNewest(artifact),
  );
  return <Artifacts shown={shown} numbered={log.events > 0} />;
}

/** What a task that waits has made so far. */
function Made({ task, said }: { readonly task: Task; readonly said: readonly string[] }) {
  const log = useTaskLog(task.id);
  return <Artifacts shown={log.artifacts.filter(({ artifact }) => !repeats(artifact, said))} />;
}

/** The answer may be among the messages before its task has ended here. */
function Live({ task, said }: { readonly task: Task; readonly said: readonly string[] }) {
  const log = useTaskLog(task.id);
  const cancel = useCancel(task.id);
  const { progress } = log;
  const done = doneOf(task, progress?.fraction) ?? 0;
  return (
    <Stack gap="sm" data-live={task.id}>
      <Artifacts shown={log.artifacts.filter(({ artifact }) => !repeats(artifact, said))} />
      <Group gap="sm" wrap="nowrap">
        <span className="dot" data-lively style={{ background: 'var(--mantine-color-blue-6)' }} />
        <Text size="sm" c="dimmed" className="one-line" role="status" style={{ flex: 1 }}>
          {progress === undefined || progress.stage === '' ? texts.chat.answering(agentOf(task)) : progress.stage}
        </Text>
        {done > 0 ? (
          <Progress value={done * 100} w={90} size="sm" aria-label={texts.task.progressOf(agentOf(task))} />
        ) : null}
        <TaskLink id={task.id} />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(undefined)}
        >
          {texts.chat.stop}
        </Button>
      </Group>
    </Stack>
  );
}

function Ended({ task, said }: { readonly task: Task; readonly said: readonly string[] }) {
  const state = stateOf(task);
  const retry = useRetry(task.id);
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

function TaskLink({ id }: { readonly id: string }) {
  return (
    <Link to="/tasks/$id" params={{ id }} className="quiet-link">
      {texts.chat.task}
    </Link>
  );
}
