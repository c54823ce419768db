/** One task: how far it is, what it asks, what happened, what it made, and its children. */
import { Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import { useMemo } from 'react';
import { ArtifactPanel } from '../../components/artifact-panel.js';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { later } from '../../components/later.js';
import { Code } from '../../components/parts.js';
import { QuestionPanel } from '../../components/question-panel.js';
import { usePageTitle } from '../../shell/page-title.js';
import { agentOf, failureOf, hasEnded, heldOf, stateOf } from '@continuo/client/facts';
import { useTaskLog } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { oneTask } from '../tasks/task-queries.js';
import { Conversation } from './conversation.js';
import { Deliveries } from './deliveries.js';
import { Events } from './events.js';
import { FailurePanel } from './failure-panel.js';
import { Head } from './head.js';
import { HeldPanel } from './held-panel.js';
import { Log } from './log.js';
import { TaskTree } from './task-tree.js';
import { toSpans } from './trace/spans.js';
import { TraceView } from './trace/trace-view.js';
import { useTraces } from './trace/trace-store.js';
import { taskViews, type TaskView } from './views.js';

const route = getRouteApi('/tasks/$id');

const TaskProtocol = later(() => import('./task-protocol.js').then((loaded) => loaded.TaskProtocol));

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
  const { view = 'trace', at } = route.useSearch();
  const navigate = route.useNavigate();
  const failure = failureOf(task);
  const { store, traces } = useTraces(task.id, view === 'trace' || failure !== undefined);
  const root = useMemo(() => toSpans(task.id, traces), [task.id, traces]);
  usePageTitle(
    `${heldOf(task) === undefined ? texts.states[stateOf(task)] : texts.held.label} · ${agentOf(task)} ${task.id.slice(-6)}`,
  );
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <Head task={task} log={log} />
      <QuestionPanel task={task} />
      <HeldPanel task={task} />
      {failure === undefined ? null : <FailurePanel task={task} failure={failure} root={root} />}
      <Tabs
        value={view}
        onChange={(next) => void navigate({ search: { view: next as TaskView, at }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List aria-label={texts.task.views} className="one-row-tabs">
          {taskViews.map((name) => (
            <Tabs.Tab key={name} value={name} ref={name === view ? intoView : undefined}>
              {texts.task[name]}
              {name === 'artifacts' && log.artifacts.length > 0 ? ` (${log.artifacts.length})` : ''}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="trace" pt="md">
          <TraceView
            task={task}
            store={store}
            traces={traces}
            root={root}
            doing={log.progress?.stage}
            at={at}
            onAt={(key) => void navigate({ search: (before) => ({ ...before, at: key }), replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="events" pt="md">
          <Events task={task} log={log} />
        </Tabs.Panel>
        <Tabs.Panel value="artifacts" pt="md">
          <Stack gap="md">
            {log.artifacts.length === 0 ? <NoArtifacts task={task} isRead={log.isRead} /> : null}
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
        <Tabs.Panel value="log" pt="md">
          <Log task={task} />
        </Tabs.Panel>
        <Tabs.Panel value="deliveries" pt="md">
          <Deliveries taskId={task.id} />
        </Tabs.Panel>
        <Tabs.Panel value="protocol" pt="md">
          <TaskProtocol task={task} />
        </Tabs.Panel>
        <Tabs.Panel value="raw" pt="md">
          <Code text={JSON.stringify(task, undefined, 2)} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function NoArtifacts({ task, isRead }: { readonly task: Task; readonly isRead: boolean }) {
  if (!isRead) return <Loading />;
  return <Empty title={hasEnded(stateOf(task)) ? texts.task.noArtifactsEver : texts.task.noArtifacts} />;
}

/** Where the tabs have no room for all of them, the one that is selected is seen, also when their size changes. */
function intoView(tab: HTMLElement | null): (() => void) | undefined {
  const list = tab?.parentElement;
  if (tab === null || list === null || list === undefined) return undefined;
  const seen = new ResizeObserver(() => {
    const [inner, outer] = [tab.getBoundingClientRect(), list.getBoundingClientRect()];
    list.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  });
  for (const each of [list, ...list.children]) seen.observe(each);
  return () => seen.disconnect();
}
