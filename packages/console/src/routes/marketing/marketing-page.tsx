/** Starts a campaign of the marketing swarm, and lists those there were. */
import './marketing.css';
import { ActionIcon, Group, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconCopyPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { StateLabel } from '../../components/state-label.js';
import { Ago } from '../../components/time.js';
import { failureOf, stateOf } from '@continuo/client/facts';
import { marketingTexts } from '../../texts/marketing.js';
import { oneTask } from '../tasks/task-queries.js';
import { BriefForm } from './brief-form.js';
import { withScheme } from './brief-rules.js';
import { briefOf, emptyBrief } from './brief.js';
import { nameOf, recentCampaigns } from './campaigns.js';

const route = getRouteApi('/marketing');

export function MarketingPage() {
  const { from } = route.useSearch();
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="lg" maw={920}>
      <Stack gap={4}>
        <Title order={1}>{marketingTexts.title}</Title>
        <Text size="sm" c="dimmed">
          {marketingTexts.hint}
        </Text>
      </Stack>
      {from === undefined ? (
        <BriefForm key="" draft="brief" initial={emptyBrief} strict={false} />
      ) : (
        <Again key={from} id={from} />
      )}
      <Recent />
    </Stack>
  );
}

/** The brief of a campaign, to be changed and sent again. */
function Again({ id }: { readonly id: string }) {
  const task = useQuery(oneTask(id));
  if (task.error !== null && task.data === undefined) return <Failed error={task.error} />;
  if (task.data === undefined) return <Loading />;
  const failure = failureOf(task.data);
  const brief = briefOf(task.data);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm">{marketingTexts.editing(nameOf(task.data))}</Text>
        <Link to="/marketing" className="quiet-link">
          {marketingTexts.newBrief}
        </Link>
      </Group>
      {failure === undefined ? null : (
        <Text size="sm" role="alert" className="any-line">
          {failure.message}
        </Text>
      )}
      <BriefForm
        draft={`brief of ${id}`}
        initial={{ ...brief, url: withScheme(brief.url) }}
        strict={failure !== undefined}
      />
    </Stack>
  );
}

function Recent() {
  const navigate = route.useNavigate();
  const recent = useQuery(recentCampaigns);
  const tasks = recent.data?.tasks ?? [];
  return (
    <section className="panel" aria-label={marketingTexts.recent}>
      <Title order={2} px="md" py="sm">
        {marketingTexts.recent}
      </Title>
      {tasks.length === 0 ? <Empty title={marketingTexts.none} /> : null}
      {tasks.map((task) => (
        <div key={task.id} className="session-row">
          <Link to="/marketing/$id" params={{ id: task.id }} className="one-line">
            {nameOf(task)}
          </Link>
          <StateLabel state={stateOf(task)} />
          <Text size="sm" c="dimmed" w={90} ta="right" className="numbers">
            <Ago at={task.status.timestamp} />
          </Text>
          <Tooltip label={marketingTexts.duplicate}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={marketingTexts.duplicateOf(nameOf(task))}
              onClick={() => void navigate({ search: { from: task.id } })}
            >
              <IconCopyPlus size={18} />
            </ActionIcon>
          </Tooltip>
        </div>
      ))}
    </section>
  );
}
