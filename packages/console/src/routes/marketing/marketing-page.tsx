/** Starts a campaign of the marketing swarm, and lists those there were. */
import {
  Button,
  Group,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../../components/conditions.js';
import { StateLabel } from '../../components/state-label.js';
import { Ago } from '../../components/time.js';
import { complain, useSay } from '../../tasks/actions.js';
import { stateOf } from '../../tasks/task-facts.js';
import { texts } from '../../texts.js';
import { emptyBrief, missingIn, toBrief, type BriefFields } from './brief.js';
import { nameOf, recentCampaigns, SWARM } from './campaigns.js';

const route = getRouteApi('/marketing');

export function MarketingPage() {
  const navigate = route.useNavigate();
  const [brief, setBrief] = useState(emptyBrief);
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const say = useSay();
  const start = useMutation({
    mutationFn: () => say({ agent: SWARM, parts: [{ data: toBrief(brief) }] }),
    onSuccess: ({ id }) => navigate({ to: '/marketing/$id', params: { id } }),
    onError: complain,
  });
  const set = (part: Partial<BriefFields>): void => setBrief((before) => ({ ...before, ...part }));
  const line = (name: 'product' | 'audience' | 'goal' | 'tone' | 'language' | 'url' | 'startDate' | 'currency') => ({
    label: texts.marketing[name],
    value: brief[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.currentTarget.value }),
    error: missing.has(name) ? texts.marketing.required : undefined,
  });
  const lines = (name: 'claims' | 'keywords') => ({
    label: texts.marketing[name],
    description: texts.marketing.lines,
    autosize: true,
    minRows: 2,
    maxRows: 8,
    value: brief[name],
    onChange: (event: React.ChangeEvent<HTMLTextAreaElement>) => set({ [name]: event.currentTarget.value }),
  });
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="lg" maw={920}>
      <Stack gap={4}>
        <Title order={1}>{texts.marketing.title}</Title>
        <Text size="sm" c="dimmed">
          {texts.marketing.hint}
        </Text>
      </Stack>
      <form
        noValidate
        className="panel"
        style={{ padding: 20 }}
        onSubmit={(event) => {
          event.preventDefault();
          const left = missingIn(brief);
          setMissing(left);
          if (left.size === 0) start.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput {...line('product')} description={texts.marketing.productHint} required />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput {...line('audience')} required />
            <TextInput {...line('goal')} required />
          </SimpleGrid>
          <MultiSelect
            label={texts.marketing.channels}
            description={texts.marketing.channelsHint}
            data={Object.entries(texts.marketing.names).map(([value, label]) => ({ value, label }))}
            value={[...brief.channels]}
            onChange={(channels) => set({ channels })}
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <TextInput {...line('tone')} />
            <TextInput {...line('language')} />
            <TextInput {...line('startDate')} type="date" />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <NumberInput
              label={texts.marketing.budget}
              min={0}
              value={brief.budget}
              onChange={(budget) => set({ budget })}
            />
            <TextInput {...line('currency')} maxLength={3} />
            <TextInput {...line('url')} type="url" />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Textarea {...lines('claims')} />
            <Textarea {...lines('keywords')} />
          </SimpleGrid>
          <Switch
            label={texts.marketing.approval}
            checked={brief.approval}
            onChange={(event) => set({ approval: event.currentTarget.checked })}
          />
          <Group>
            <Button type="submit" loading={start.isPending}>
              {texts.marketing.start}
            </Button>
          </Group>
        </Stack>
      </form>
      <Recent />
    </Stack>
  );
}

function Recent() {
  const recent = useQuery(recentCampaigns);
  const tasks = recent.data?.tasks ?? [];
  return (
    <section className="panel" aria-label={texts.marketing.recent}>
      <Title order={2} px="md" py="sm">
        {texts.marketing.recent}
      </Title>
      {tasks.length === 0 ? <Empty title={texts.marketing.none} /> : null}
      {tasks.map((task) => (
        <div key={task.id} className="session-row">
          <Link to="/marketing/$id" params={{ id: task.id }} className="one-line">
            {nameOf(task)}
          </Link>
          <StateLabel state={stateOf(task)} />
          <Text size="sm" c="dimmed" w={90} ta="right" className="numbers">
            <Ago at={task.status.timestamp} />
          </Text>
        </div>
      ))}
    </section>
  );
}
