/** The agents of other servers, for administrators: which there are, and disconnecting them. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ExternalAgent } from '@continuo/client';
import { call } from '../../api/client.js';
import { confirmEnd } from '../../components/confirm.js';
import { Ago } from '../../components/time.js';
import { complain } from '../../tasks/actions.js';
import { externalAgentTexts as texts } from '../../texts/external-agents.js';
import { CardChanged } from './card-changed.js';
import { readAgentsAnew } from './external-agent-queries.js';

export function ExternalAgents({ agents }: { readonly agents: readonly ExternalAgent[] }) {
  return (
    <section className="panel" aria-label={texts.title}>
      <Stack gap={4} p={20} pb={8}>
        <Title order={2}>{texts.title}</Title>
        <Text size="sm" c="dimmed">
          {texts.hint}
        </Text>
      </Stack>
      <ul className="records" aria-label={texts.title}>
        {agents.map((agent) => (
          <Remote key={agent.agent} remote={agent} />
        ))}
      </ul>
    </section>
  );
}

function Remote({ remote }: { readonly remote: ExternalAgent }) {
  const client = useQueryClient();
  const { name, agent, url, source, headers, connectedBy, connectedAt, problem } = remote;
  const disconnect = useMutation({
    mutationFn: () => call('disconnectAgent', { path: { name } }),
    onSuccess: () => readAgentsAnew(client),
    onError: complain,
  });
  const ask = (): void =>
    confirmEnd({
      title: texts.disconnectQuestion,
      hint: texts.disconnectHint(agent),
      confirm: texts.disconnect,
      onConfirm: () => disconnect.mutate(),
    });
  return (
    <li className="record">
      <Stack gap={2} className="record-main">
        <Text size="sm" fw={500} className="any-line">
          {agent}
        </Text>
        <Text size="sm" c="dimmed" className="any-line">
          {url}
          {headers.length === 0 ? '' : ` · ${texts.withKey(headers.join(', '))}`}
        </Text>
        {problem === undefined ? null : (
          <Text size="sm" c="red" className="any-line">
            {problem}
          </Text>
        )}
        <CardChanged remote={remote} />
      </Stack>
      <Stack gap={2} className="record-facts">
        <Text size="sm" c="dimmed">
          {source === 'environment' ? texts.fromEnvironment : texts.by(connectedBy ?? '')}
        </Text>
        {connectedAt === undefined ? null : (
          <Text size="sm" c="dimmed">
            <Ago at={connectedAt} />
          </Text>
        )}
      </Stack>
      <Group gap="xs" className="record-end">
        <Button
          size="xs"
          variant="default"
          aria-label={texts.chatWith(agent)}
          renderRoot={(props) => <Link to="/chat" search={{ agent }} {...props} />}
        >
          {texts.chat}
        </Button>
        {source === 'environment' ? null : (
          <Button
            variant="default"
            size="xs"
            aria-label={texts.disconnectName(agent)}
            loading={disconnect.isPending}
            onClick={ask}
          >
            {texts.disconnect}
          </Button>
        )}
      </Group>
    </li>
  );
}
