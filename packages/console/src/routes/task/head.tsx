/** What a task is, how far it is, and what can be done with it. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import {
  agentOf,
  agentVersionOf,
  choiceOf,
  createdAt,
  hasEnded,
  heldOf,
  progressOf,
  stateOf,
} from '@continuo/client/facts';
import { CopyText } from '../../components/copy-text.js';
import { HowFar } from '../../components/how-far.js';
import { plainLine } from '../../components/plain-line.js';
import { StateLabel } from '../../components/state-label.js';
import { Ago, At } from '../../components/time.js';
import type { TaskLogView } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { rerunTexts } from '../../texts/rerun.js';
import { copiedFrom } from './run-again.js';
import { TaskActions } from './task-actions.js';

export function Head({ task, log }: { readonly task: Task; readonly log: TaskLogView }) {
  const state = stateOf(task);
  const held = heldOf(task) !== undefined;
  const live = log.progress;
  const known = progressOf(task);
  // What the task says itself stands there before its log is read: a line that came later would move all that is below it.
  const stage = live?.stage ?? (held ? '' : known.stage);
  const created = createdAt(task);
  const copy = copiedFrom(task);
  const choice = choiceOf(task.metadata);
  const version = agentVersionOf(task);
  return (
    <section className="panel" style={{ padding: '16px 20px' }} aria-label={texts.pages.task}>
      <Stack gap={8}>
        <Group justify="space-between" align="flex-start">
          <Stack gap={4} miw={0}>
            <Group gap="md">
              <Title order={1}>{agentOf(task)}</Title>
              <span role="status">
                <StateLabel state={state} held={held} />
              </span>
              {version === undefined ? null : (
                <Text size="sm" c="dimmed">
                  {texts.task.agentVersion(version)}
                </Text>
              )}
              {known.attempt > 1 ? (
                <Text size="sm" c="dimmed">
                  {texts.task.attempt(known.attempt)}
                </Text>
              ) : null}
            </Group>
            {known.title === '' ? null : (
              <Text size="sm" className="any-line">
                {known.title}
              </Text>
            )}
          </Stack>
          <TaskActions task={task} />
        </Group>
        {hasEnded(state) ? null : <HowFar task={task} live={live?.fraction} />}
        {hasEnded(state) || stage === '' ? null : (
          <Text size="sm" c="dimmed" className="one-line">
            {plainLine(stage)}
          </Text>
        )}
        <Group gap="4px 20px">
          <Group gap={2} wrap="nowrap" maw="100%" className="task-id">
            <Text size="xs" c="dimmed" ff="monospace" className="one-line">
              {task.id}
            </Text>
            <CopyText text={task.id} />
          </Group>
          {created === undefined ? null : (
            <Fact name={texts.task.created}>
              <At at={created} />
            </Fact>
          )}
          <Fact name={texts.task.changed}>
            <Ago at={task.status.timestamp} />
          </Fact>
          {known.parentTaskId === undefined ? null : <OtherTask name={texts.task.parent} id={known.parentTaskId} />}
          {known.rootTaskId === undefined || known.rootTaskId === known.parentTaskId ? null : (
            <OtherTask name={texts.task.root} id={known.rootTaskId} />
          )}
          {copy === undefined ? null : <OtherTask name={rerunTexts.copyOf} id={copy} />}
          {choice === undefined ? null : <Fact name={texts.task.because}>{choice}</Fact>}
        </Group>
      </Stack>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <Text size="sm" component="div">
      <Text span inherit c="dimmed">
        {name}{' '}
      </Text>
      {children}
    </Text>
  );
}

function OtherTask({ name, id }: { readonly name: string; readonly id: string }) {
  return (
    <Fact name={name}>
      <Link to="/tasks/$id" params={{ id }}>
        {id.slice(-6)}
      </Link>
    </Fact>
  );
}
