/** One task: how far it is, what it asks, what happened, what it made, and its children. */
import { Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import { ArtifactPanel, CopyText } from '../../components/artifact-panel.js';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { HowFar } from '../../components/how-far.js';
import { Code } from '../../components/parts.js';
import { QuestionPanel } from '../../components/question-panel.js';
import { StateLabel } from '../../components/state-label.js';
import { Ago, At } from '../../components/time.js';
import { usePageTitle } from '../../shell/page-title.js';
import {
  agentOf,
  agentVersionOf,
  choiceOf,
  createdAt,
  failureOf,
  heldOf,
  hasEnded,
  progressOf,
  stateOf,
  type Failure,
} from '@continuo/client/facts';
import { useTaskLog, type TaskLogView } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { oneTask } from '../tasks/task-queries.js';
import { Conversation } from './conversation.js';
import { Deliveries } from './deliveries.js';
import { HeldPanel } from './held-panel.js';
import { TaskActions } from './task-actions.js';
import { Timeline } from './timeline.js';
import { TaskTree } from './task-tree.js';
import { taskViews, type TaskView } from './views.js';

const route = getRouteApi('/tasks/$id');

export function TaskPage() {
  const { id } = route.useParams();
  const task = useQuery(oneTask(id));
  if (task.error !== null && task.data === undefined) {
    return <Failed error={task.error} retry={() => void task.refetch()} />;
  }
  if (task.data === undefined) return <Loading />;
  return <Shown key={id} task={task.data} />;
}

function Shown({ task }: { readonly task: Task }) {
  const log = useTaskLog(task.id);
  const { view = 'timeline' } = route.useSearch();
  const navigate = route.useNavigate();
  const failure = failureOf(task);
  usePageTitle(
    `${heldOf(task) === undefined ? texts.states[stateOf(task)] : texts.held.label} · ${agentOf(task)} ${task.id.slice(-6)}`,
  );
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <Head task={task} log={log} />
      <QuestionPanel task={task} />
      <HeldPanel task={task} />
      {failure === undefined ? null : <FailurePanel failure={failure} />}
      <Tabs
        value={view}
        onChange={(next) => void navigate({ search: { view: next as TaskView }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List aria-label={texts.task.views}>
          {taskViews.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {texts.task[name]}
              {name === 'artifacts' && log.artifacts.length > 0 ? ` (${log.artifacts.length})` : ''}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="timeline" pt="md">
          <Timeline task={task} log={log} />
        </Tabs.Panel>
        <Tabs.Panel value="artifacts" pt="md">
          <Stack gap="md">
            {log.artifacts.length === 0 ? <Empty title={texts.task.noArtifacts} /> : null}
            {log.artifacts.map((shown) => (
              <ArtifactPanel key={shown.artifact.artifactId} shown={shown} order={2} />
            ))}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="conversation" pt="md">
          <Conversation task={task} />
        </Tabs.Panel>
        <Tabs.Panel value="children" pt="md">
          <TaskTree task={task} empty={texts.task.noChildren} />
        </Tabs.Panel>
        <Tabs.Panel value="deliveries" pt="md">
          <Deliveries taskId={task.id} />
        </Tabs.Panel>
        <Tabs.Panel value="raw" pt="md">
          <Code text={JSON.stringify(task, undefined, 2)} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Head({ task, log }: { readonly task: Task; readonly log: TaskLogView }) {
  const state = stateOf(task);
  const held = heldOf(task) !== undefined;
  const live = log.progress;
  const known = progressOf(task);
  const created = createdAt(task);
  const choice = choiceOf(task.metadata);
  const version = agentVersionOf(task);
  return (
    <section className="panel" style={{ padding: 20 }} aria-label={texts.pages.task}>
      <Stack gap="sm">
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
            <Group gap={4} wrap="nowrap">
              <Text size="xs" c="dimmed" ff="monospace" className="one-line">
                {task.id}
              </Text>
              <CopyText text={task.id} />
            </Group>
          </Stack>
          <TaskActions task={task} />
        </Group>
        <HowFar task={task} live={live?.fraction} />
        {hasEnded(state) || live === undefined || live.stage === '' ? null : (
          <Text size="sm" c="dimmed" className="one-line">
            {live.stage}
          </Text>
        )}
        <Group gap="lg">
          {created === undefined ? null : (
            <Fact name={texts.task.created}>
              <At at={created} />
            </Fact>
          )}
          <Fact name={texts.task.changed}>
            <Ago at={task.status.timestamp} />
          </Fact>
          {known.parentTaskId === undefined ? null : (
            <Fact name={texts.task.parent}>
              <Link to="/tasks/$id" params={{ id: known.parentTaskId }}>
                {known.parentTaskId.slice(-6)}
              </Link>
            </Fact>
          )}
          {known.rootTaskId === undefined || known.rootTaskId === known.parentTaskId ? null : (
            <Fact name={texts.task.root}>
              <Link to="/tasks/$id" params={{ id: known.rootTaskId }}>
                {known.rootTaskId.slice(-6)}
              </Link>
            </Fact>
          )}
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

function FailurePanel({ failure }: { readonly failure: Failure }) {
  return (
    <section
      className="panel"
      aria-label={texts.task.failed}
      style={{ borderLeft: '3px solid var(--mantine-color-red-7)', padding: 16 }}
    >
      <Title order={2}>{texts.task.failed}</Title>
      <Text className="any-line" mt={4}>
        {failure.message}
      </Text>
      {failure.causes.map((cause) => (
        <Text key={cause} size="sm" c="dimmed" className="any-line">
          ← {cause}
        </Text>
      ))}
      {failure.step === undefined ? null : (
        <Text size="sm" c="dimmed">
          {texts.task.step} “{failure.step}”
        </Text>
      )}
      {failure.childTaskId === undefined ? null : (
        <Link to="/tasks/$id" params={{ id: failure.childTaskId }}>
          {texts.task.failedChild}
        </Link>
      )}
    </section>
  );
}
