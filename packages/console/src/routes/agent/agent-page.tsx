/** One agent: what it can do, how it is called, and its workbench. */
import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyText } from '../../components/copy-text.js';
import { Failed, Loading, NotFound } from '../../components/conditions.js';
import { Code } from '../../components/parts.js';
import { usePageTitle } from '../../shell/page-title.js';
import { toPart } from '../../tasks/said-as-part.js';
import { texts } from '../../texts.js';
import { CardChanged } from '../agents/card-changed.js';
import { useExternalAgents } from '../agents/external-agent-queries.js';
import { agentList } from '../tasks/task-queries.js';
import { Workbench } from './workbench/workbench.js';

const route = getRouteApi('/agents/$type/$name');

export function AgentPage() {
  const { type, name } = route.useParams();
  const key = `${type}/${name}`;
  const agents = useQuery(agentList);
  const remote = useExternalAgents(type === 'external')?.find(({ agent }) => agent === key);
  usePageTitle(key);
  if (agents.error !== null && agents.data === undefined) return <Failed error={agents.error} />;
  if (agents.data === undefined) return <Loading />;
  const card = agents.data.agents.find((agent) => agent.type === type && agent.name === name)?.card;
  if (card === undefined) return <NotFound message={texts.agents.unknown(key)} />;
  const url = card.supportedInterfaces.find(({ protocolBinding }) => protocolBinding === 'JSONRPC')?.url ?? '';
  const example = card.skills.flatMap(({ examples = [] }) => examples)[0] ?? 'Hello!';
  const about = (
    <>
      {card.skills.map((skill) => (
        <Panel key={skill.id} title={skill.name}>
          <Text size="sm" className="any-line">
            {skill.description}
          </Text>
          <Group gap={6}>
            {skill.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </Group>
          {(skill.examples ?? []).map((text) => (
            <Link key={text} to="/chat" search={{ agent: key, say: text }} className="example any-line">
              {texts.agents.examples}: {text}
            </Link>
          ))}
        </Panel>
      ))}
      <Panel title={texts.agents.interfaces}>
        <Group gap={4} wrap="nowrap">
          <Text size="sm" ff="monospace" className="any-line">
            {url}
          </Text>
          <CopyText text={url} label={texts.agents.copyUrl} />
        </Group>
        <Snippet title={texts.agents.curl} text={curl(url, example)} />
      </Panel>
    </>
  );
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <section className="panel" style={{ padding: 20 }}>
        <Group justify="space-between" align="flex-start">
          <Title order={1}>{key}</Title>
          <Group gap="xs">
            <Button renderRoot={(props) => <Link to="/chat" search={{ agent: key }} {...props} />}>
              {texts.agents.chat}
            </Button>
            <Button variant="default" renderRoot={(props) => <Link to="/tasks" search={{ agent: key }} {...props} />}>
              {texts.agents.tasks}
            </Button>
          </Group>
        </Group>
        <Text c="dimmed" mt="xs" maw={760} className="any-line">
          {card.description}
        </Text>
        <Group gap={6} mt="sm">
          {card.capabilities.streaming === true ? <Badge>{texts.agents.streaming}</Badge> : null}
          {card.capabilities.pushNotifications === true ? <Badge>{texts.agents.push}</Badge> : null}
          {(card.capabilities.extensions ?? []).map(({ uri }) => (
            <Badge key={uri}>{uri}</Badge>
          ))}
        </Group>
        {remote === undefined ? null : <CardChanged remote={remote} />}
      </section>
      <Workbench key={key} agent={key} card={card} about={about} />
    </Stack>
  );
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="panel" style={{ padding: 20 }}>
      <Stack gap="sm">
        <Title order={2} className="any-line">
          {title}
        </Title>
        {children}
      </Stack>
    </section>
  );
}

function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div>
      <Group gap={4}>
        <Text size="sm" fw={500}>
          {title}
        </Text>
        <CopyText text={text} label={`${texts.common.copy}: ${title}`} />
      </Group>
      <Code text={text} />
    </div>
  );
}

function curl(url: string, example: string): string {
  const part = toPart(example);
  const message = part.text ?? { parts: [part] };
  const body = JSON.stringify({ message, wait: true }).replaceAll("'", String.raw`'\''`);
  return `curl -s ${url}/tasks -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}
