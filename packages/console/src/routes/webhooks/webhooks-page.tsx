/** The webhooks: how each fares, and what can be done with it. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import './webhooks.css';
import { Empty } from '../../components/conditions.js';
import { More, Paged } from '../../components/paged.js';
import { ShownOnce } from '../../components/shown-once.js';
import { texts } from '../../texts.js';
import { webhookTexts } from '../../texts/webhooks.js';
import { WebhookForm } from './webhook-form.js';
import { webhookPages } from './webhook-queries.js';
import { WebhookRow } from './webhook-row.js';

export function WebhooksPage() {
  const pages = useInfiniteQuery(webhookPages);
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const webhooks = pages.data?.pages.flatMap((page) => page.webhooks) ?? [];
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Title order={1}>{texts.pages.webhooks}</Title>
          <Text size="sm" c="dimmed">
            {webhookTexts.hint}
          </Text>
        </Stack>
        <Group gap="xs">
          <Button variant="default" renderRoot={(props) => <Link to="/webhooks/deliveries" {...props} />}>
            {webhookTexts.deliveries}
          </Button>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
            {webhookTexts.create}
          </Button>
        </Group>
      </Group>
      <div className="panel">
        <Paged
          list={pages}
          count={webhooks.length}
          empty={<Empty title={webhookTexts.none} hint={webhookTexts.noneHint} />}
        >
          <ul className="records" aria-label={texts.pages.webhooks}>
            {webhooks.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} onSecret={setSecret} />
            ))}
          </ul>
        </Paged>
      </div>
      <More list={pages} />
      {creating ? <WebhookForm onClose={() => setCreating(false)} onSecret={setSecret} /> : null}
      {secret === undefined ? null : (
        <ShownOnce
          title={webhookTexts.secret}
          hint={webhookTexts.secretHint}
          secret={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
    </Stack>
  );
}
