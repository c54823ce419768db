/** A task and everything below it, each with its state and how far it is. */
import { Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import { compare } from '../../formats.js';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { HowFarInRow } from '../../components/how-far.js';
import { mainOfRow, opensAsAWhole } from '../../components/opens.js';
import { StateLabel } from '../../components/state-label.js';
import { agentOf, failureOf, hasEnded, heldOf, progressOf, stateOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { descendants } from '../tasks/task-queries.js';

interface TaskTreeProps {
  readonly task: Task;
  /** What to say where there is nothing below it. */
  readonly empty: string;
}

export function TaskTree({ task, empty }: TaskTreeProps) {
  const root = progressOf(task).rootTaskId ?? task.id;
  const below = useQuery(descendants(root));
  if (below.error !== null && below.data === undefined) return <Failed error={below.error} />;
  if (below.data === undefined) return <Loading />;
  if (!below.data.some((child) => progressOf(child).parentTaskId === task.id)) return <Empty title={empty} />;
  return (
    <section className="panel" style={{ padding: '8px 16px' }} aria-label={texts.task.children}>
      <Branch task={task} all={below.data} level={0} />
    </section>
  );
}

interface BranchProps {
  readonly task: Task;
  readonly all: readonly Task[];
  readonly level: number;
}

function Branch({ task, all, level }: BranchProps) {
  const children = all
    .filter((child) => progressOf(child).parentTaskId === task.id)
    .toSorted((a, b) => compare(agentOf(a), agentOf(b)) || compare(a.id, b.id));
  return (
    <Stack gap={0}>
      <Group
        gap="md"
        py={8}
        pl={level * 24}
        data-branch={task.id}
        className="branch"
        {...opensAsAWhole}
        style={{ borderBottom: '1px solid var(--console-line)' }}
      >
        <div style={{ flex: '1 1 160px' }} className="one-line">
          <Link to="/tasks/$id" params={{ id: task.id }} style={{ color: 'inherit', fontWeight: 500 }} {...mainOfRow}>
            {agentOf(task)}
          </Link>
        </div>
        <div style={{ width: 130 }}>
          <StateLabel state={stateOf(task)} held={heldOf(task) !== undefined} />
        </div>
        <HowFarInRow task={task} said={saidIn(task)} />
      </Group>
      {children.map((child) => (
        <Branch key={child.id} task={child} all={all} level={level + 1} />
      ))}
    </Stack>
  );
}

/** What it is doing; of one that has failed, why. */
function saidIn(task: Task): string {
  return hasEnded(stateOf(task)) ? (failureOf(task)?.message ?? '') : progressOf(task).stage;
}
