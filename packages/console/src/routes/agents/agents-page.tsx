/** The agents of this server, as cards. */
import { Badge, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlugConnected, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Agent } from '@continuo/client';
import { mainOfRow, opensAsAWhole } from '../../components/opens.js';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { texts } from '../../texts.js';
import { externalAgentTexts } from '../../texts/external-agents.js';
import { agentList } from '../tasks/task-queries.js';
import { ConnectAgent } from './connect-agent.js';
import { useExternalAgents } from './external-agent-queries.js';
import { ExternalAgents } from './external-agents.js';

export function AgentsPage() {
  const agents = useQuery(agentList);
  const remotes = useExternalAgents();
  const [connecting, setConnecting] = useState(false);
  const [q, setQ] = useState('');
  const [withInternal, setWithInternal] = useState(false);
  if (agents.error !== null && agents.data === undefined) {
    return <Failed error={agents.error} retry={() => void agents.refetch()} />;
  }
  if (agents.data === undefined) return <Loading />;
  const hidden = agents.data.agents.filter(({ internal }) => internal).length;
  const there = agents.data.agents.filter(({ internal }) => withInternal || !internal);
  const shown = there.filter(({ card }) =>
    `${card.name} ${card.description} ${card.skills.map((skill) => skill.name).join(' ')}`
      .toLowerCase()
      .includes(q.trim().toLowerCase()),
  );
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <Group justify="space-between">
        <Title order={1}>{texts.pages.agents}</Title>
        <Group gap="sm">
          <TextInput
            data-search
            aria-label={texts.agents.search}
            placeholder={texts.agents.search}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
          />
          {remotes === undefined ? null : (
            <Button leftSection={<IconPlugConnected size={16} aria-hidden />} onClick={() => setConnecting(true)}>
              {externalAgentTexts.connect}
            </Button>
          )}
        </Group>
      </Group>
      {connecting ? <ConnectAgent onClose={() => setConnecting(false)} /> : null}
      {agents.data.agents.length === 0 ? <Empty title={texts.agents.none} /> : null}
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">
        {shown.map((agent) => (
          <AgentCard key={agent.card.name} agent={agent} />
        ))}
      </SimpleGrid>
      {hidden === 0 ? null : (
        <Group>
          <Button variant="default" size="xs" onClick={() => setWithInternal(!withInternal)}>
            {withInternal ? texts.agents.hideInternal : texts.agents.showInternal(hidden)}
          </Button>
        </Group>
      )}
      {remotes === undefined || remotes.length === 0 ? null : <ExternalAgents agents={remotes} />}
    </Stack>
  );
}

function AgentCard({ agent: { type, name, internal, card } }: { readonly agent: Agent }) {
  const key = `${type}/${name}`;
  const example = card.skills.flatMap(({ examples = [] }) => examples)[0];
  return (
    <article className="panel agent-card" {...opensAsAWhole}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} className="one-line">
          <Link to="/agents/$type/$name" params={{ type, name }} {...mainOfRow}>
            {key}
          </Link>
        </Title>
        {internal ? (
          <Badge title={texts.agents.internalHint}>{texts.agents.internal}</Badge>
        ) : (
          <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
            {texts.agents.skills(card.skills.length)}
          </Text>
        )}
      </Group>
      <Text size="sm" c="dimmed" lineClamp={3} className="any-line" style={{ flex: 1 }}>
        {card.description}
      </Text>
      <Group gap={6}>
        {[...new Set(card.skills.flatMap(({ tags }) => tags))].slice(0, 5).map((tag) => (
          <Badge key={tag} maw={160}>
            {tag}
          </Badge>
        ))}
      </Group>
      {example === undefined ? null : (
        <Link to="/chat" search={{ agent: key, say: example }} className="example one-line">
          {texts.agents.examples}: {example}
        </Link>
      )}
      <Group gap="xs">
        <Button size="xs" renderRoot={(props) => <Link to="/chat" search={{ agent: key }} {...props} />}>
          {texts.agents.chat}
        </Button>
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => <Link to="/agents/$type/$name" params={{ type, name }} {...props} />}
        >
          {texts.agents.details}
        </Button>
      </Group>
    </article>
  );
}
