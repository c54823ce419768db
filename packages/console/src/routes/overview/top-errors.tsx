/** What fails most often in the chosen time, and what failed last. */
import { Text, Title } from '@mantine/core';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client.js';
import type { ErrorStatistics, Task } from '@continuo/client';
import { failureOf, titleOf, agentOf } from '@continuo/client/facts';
import { mainOfRow, opensAsAWhole } from '../../components/opens.js';
import { Ago } from '../../components/time.js';
import { failureTexts } from '../../texts/failure.js';
import { usualRange, type OverviewSearch } from './overview-search.js';

const MOST_KINDS = 6;
const MOST_TASKS = 6;
const HOUR_MS = 3_600_000;

/** `failed`: how many there are; another number, and they are read again. */
function errorsOf({ hours = usualRange, agent }: OverviewSearch, failed: number) {
  return queryOptions({
    queryKey: ['statistics', 'errors', hours, agent ?? '', failed],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - hours * HOUR_MS).toISOString();
      return call('readErrors', { query: { from, agent, pageSize: MOST_KINDS } }, signal);
    },
    placeholderData: keepPreviousData,
  });
}

function recentlyFailed(agent: string | undefined) {
  return queryOptions({
    queryKey: ['tasks', 'recently failed', agent ?? ''],
    queryFn: ({ signal }) => call('listTasks', { query: { state: 'FAILED', agent, pageSize: MOST_TASKS } }, signal),
  });
}

interface FailuresProps {
  readonly search: OverviewSearch;
  readonly failed: number;
}

/** Nothing where nothing has failed. */
export function Failures({ search, failed }: FailuresProps) {
  const errors = useQuery(errorsOf(search, failed)).data?.errors ?? [];
  const tasks = useQuery(recentlyFailed(search.agent)).data?.tasks ?? [];
  if (errors.length === 0 && tasks.length === 0) return null;
  return (
    <div className="failure-panels">
      <TopErrors errors={errors} />
      <RecentlyFailed tasks={tasks} agent={search.agent} />
    </div>
  );
}

function TopErrors({ errors }: Pick<ErrorStatistics, 'errors'>) {
  return (
    <section className="panel" aria-labelledby="top-errors">
      <Title order={2} id="top-errors" px={18} pt={14} pb={6}>
        {failureTexts.topTitle}
      </Title>
      {errors.length === 0 ? (
        <Text size="sm" c="dimmed" px={18} pb={14}>
          {failureTexts.topNone}
        </Text>
      ) : (
        <ul className="failure-list">
          {errors.map(({ fingerprint, agent, message, name, count, lastAt, taskId, step }) => (
            <li key={`${agent} ${fingerprint}`} {...opensAsAWhole} data-error={fingerprint}>
              <span className="failure-count numbers" title={failureTexts.count}>
                {failureTexts.times(count)}
              </span>
              <FailedTask
                id={taskId}
                title={message === '' ? name : message}
                agent={agent}
                what={step === null ? undefined : failureTexts.inStep(step)}
                at={lastAt}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface RecentlyFailedProps {
  readonly tasks: readonly Task[];
  readonly agent: string | undefined;
}

function RecentlyFailed({ tasks, agent }: RecentlyFailedProps) {
  return (
    <section className="panel" aria-labelledby="recently-failed">
      <div className="failure-head">
        <Title order={2} id="recently-failed">
          {failureTexts.recentTitle}
        </Title>
        <Link to="/tasks" search={{ state: 'FAILED', agent, children: true }} className="quiet-link">
          {failureTexts.allFailed}
        </Link>
      </div>
      <ul className="failure-list">
        {tasks.map((task) => (
          <li key={task.id} {...opensAsAWhole} data-failed={task.id}>
            <FailedTask
              id={task.id}
              title={titleOf(task)}
              agent={agentOf(task)}
              what={failureOf(task)?.message}
              at={task.status.timestamp}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface FailedTaskProps {
  readonly id: string;
  readonly title: string;
  readonly agent: string;
  /** What is known of its failure. */
  readonly what: string | undefined;
  readonly at: string;
}

function FailedTask({ id, title, agent, what, at }: FailedTaskProps) {
  return (
    <>
      <div className="failure-what">
        <Link to="/tasks/$id" params={{ id }} className="one-line" {...mainOfRow}>
          {title}
        </Link>
        <Text size="xs" c="dimmed" className="one-line">
          {[agent, what].filter((part) => part !== undefined).join(' · ')}
        </Text>
      </div>
      <Text size="xs" c="dimmed" className="numbers failure-when">
        <Ago at={at} />
      </Text>
    </>
  );
}
