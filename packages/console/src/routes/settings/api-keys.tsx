/** The API keys of the tenant: made, listed and revoked. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { byToken } from '../../api/pages.js';
import type { ApiKey } from '@continuo/client';
import { Empty } from '../../components/conditions.js';
import { confirmEnd } from '../../components/confirm.js';
import { More, Paged } from '../../components/paged.js';
import { ShownOnce } from '../../components/shown-once.js';
import { Ago, Day } from '../../components/time.js';
import { complain } from '../../tasks/actions.js';
import { settingsTexts } from '../../texts/settings.js';
import { NewKey } from './new-key.js';

const keyPages = infiniteQueryOptions({
  queryKey: ['keys'],
  queryFn: ({ pageParam, signal }) => call('listKeys', { query: { pageSize: 50, pageToken: pageParam } }, signal),
  ...byToken,
});

export function ApiKeys() {
  const pages = useInfiniteQuery(keyPages);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const keys = pages.data?.pages.flatMap((page) => page.keys) ?? [];
  return (
    <section className="panel" aria-label={settingsTexts.keys}>
      <Group justify="space-between" align="flex-start" p={20} pb={8}>
        <Stack gap={4}>
          <Title order={2}>{settingsTexts.keys}</Title>
          <Text size="sm" c="dimmed">
            {settingsTexts.keysHint}
          </Text>
        </Stack>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          {settingsTexts.create}
        </Button>
      </Group>
      <Paged list={pages} count={keys.length} empty={<Empty title={settingsTexts.none} />}>
        <ul className="records" aria-label={settingsTexts.keys}>
          {keys.map((key) => (
            <Key key={key.id} apiKey={key} />
          ))}
        </ul>
      </Paged>
      {pages.hasNextPage ? (
        <Group p="md">
          <More list={pages} />
        </Group>
      ) : null}
      {making ? <NewKey onClose={() => setMaking(false)} onMade={setMade} /> : null}
      {made === undefined ? null : (
        <ShownOnce
          title={settingsTexts.made}
          hint={settingsTexts.madeHint}
          secret={made}
          onClose={() => setMade(undefined)}
        />
      )}
    </section>
  );
}

function Key({ apiKey }: { readonly apiKey: ApiKey }) {
  const client = useQueryClient();
  const { id, name, owner, prefix, scopes, agents, lastUsedAt, expiresAt, revokedAt } = apiKey;
  const revoke = useMutation({
    mutationFn: () => call('revokeKey', { path: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
    onError: complain,
  });
  const ask = (): void =>
    confirmEnd({
      title: settingsTexts.revokeQuestion,
      hint: settingsTexts.revokeHint(name),
      confirm: settingsTexts.revoke,
      onConfirm: () => revoke.mutate(),
    });
  return (
    <li className="record">
      <Stack gap={2} className="record-main">
        <Text size="sm" fw={500} className="any-line">
          {name}
          {name === owner ? null : (
            <Text span inherit c="dimmed" fw={400}>
              {' '}
              · {owner}
            </Text>
          )}
        </Text>
        <Text size="sm" c="dimmed" className="any-line">
          <Text span inherit ff="monospace" size="xs">
            {prefix}…
          </Text>{' '}
          · {scopes.join(', ')}
          {agents === undefined ? '' : ` · ${agents.join(', ')}`}
        </Text>
      </Stack>
      <Stack gap={2} className="record-facts">
        <Text size="sm" c="dimmed">
          {lastUsedAt === undefined ? (
            settingsTexts.neverUsed
          ) : (
            <>
              {settingsTexts.used} <Ago at={lastUsedAt} />
            </>
          )}
        </Text>
        {expiresAt === undefined ? null : (
          <Text size="sm" c="dimmed">
            {Date.parse(expiresAt) < Date.now() ? settingsTexts.ended : settingsTexts.ends} <Day at={expiresAt} />
          </Text>
        )}
      </Stack>
      <div className="record-end">
        {revokedAt === undefined ? (
          <Button
            variant="default"
            size="xs"
            aria-label={settingsTexts.revokeName(name)}
            loading={revoke.isPending}
            onClick={ask}
          >
            {settingsTexts.revoke}
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            {settingsTexts.revoked} <Ago at={revokedAt} />
          </Text>
        )}
      </div>
    </li>
  );
}
