/** How things stand: what runs now, and how it went over the last hours. */
import './overview.css';
import { Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { dayAndTime } from '../../components/time.js';
import { texts } from '../../texts.js';
import { agentList } from '../tasks/task-queries.js';
import { AgentTable } from './agent-table.js';
import { Charts } from './charts.js';
import { FiguresNow, FiguresOfTime } from './figures.js';
import { Failures } from './top-errors.js';
import { ranges, toOverviewSearch, usualRange } from './overview-search.js';
import { useStatistics } from './use-statistics.js';

const route = getRouteApi('/overview');

export function OverviewPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { hours = usualRange, agent } = search;
  const { data: statistics, error, refetch } = useStatistics(search);
  const agents = useQuery(agentList);
  const names = new Set([
    ...(agents.data?.agents.map(({ card }) => card.name) ?? []),
    ...(agent === undefined ? [] : [agent]),
  ]);
  const change = (part: Record<string, unknown>): void =>
    void navigate({ search: toOverviewSearch({ ...search, ...part }), replace: true });
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <Group justify="space-between" gap="xs">
        <Title order={1}>{texts.pages.overview}</Title>
        <Group gap="xs" maw="100%">
          <select
            className="agent-select"
            aria-label={texts.tasks.agent}
            value={agent ?? ''}
            onChange={({ currentTarget: { value } }) => change({ agent: value === '' ? undefined : value })}
          >
            <option value="">{texts.overview.allAgents}</option>
            {[...names].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <SegmentedControl
            aria-label={texts.overview.range}
            maw="100%"
            style={{ overflowX: 'auto' }}
            data={ranges.map((value) => ({ value: String(value), label: texts.overview.ranges[value] }))}
            value={String(hours)}
            onChange={(value) => change({ hours: value })}
          />
        </Group>
      </Group>
      {statistics === undefined ? (
        <div className="panel">
          {error === null ? <Loading /> : <Failed error={error} retry={() => void refetch()} />}
        </div>
      ) : (
        <>
          {statistics.truncated ? (
            <Text size="sm" c="dimmed" role="status">
              {texts.overview.truncated(dayAndTime(new Date(statistics.from), 'short'))}
            </Text>
          ) : null}
          <div className="figure-panels">
            <FiguresNow statistics={statistics} agent={agent} />
            <FiguresOfTime statistics={statistics} agent={agent} title={texts.overview.lately[hours]} />
          </div>
          {statistics.agents.length === 0 ? (
            <div className="panel">
              <Empty title={texts.overview.none} hint={texts.tasks.noneHint}>
                <Link to="/agents">{texts.pages.agents}</Link>
              </Empty>
            </div>
          ) : (
            <>
              <Failures search={search} failed={statistics.total.failed} />
              <Charts statistics={statistics} />
              <AgentTable agents={statistics.agents} />
            </>
          )}
        </>
      )}
    </Stack>
  );
}
