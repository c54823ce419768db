/** What was sent to webhooks, with filters that stay in the address. */
import { Button, Group, Select, Stack, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../../components/conditions.js';
import { useTyped } from '../../components/use-typed.js';
import { usePageTitle } from '../../shell/page-title.js';
import { deliveryTexts } from '../../texts/webhooks.js';
import { webhookPages } from '../webhooks/webhook-queries.js';
import { deliveryStatuses, toDeliveryFilters } from './delivery-filters.js';
import { DeliveryList } from './delivery-list.js';
import { SendFailedAgain } from './send-failed-again.js';

const route = getRouteApi('/webhooks/deliveries');

export function DeliveriesPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const webhooks = useInfiniteQuery(webhookPages);
  const [sending, setSending] = useState(false);
  usePageTitle(deliveryTexts.title);
  const known = (webhooks.data?.pages ?? [])
    .flatMap((page) => page.webhooks)
    .map(({ id, url, description }) => ({ value: id, label: description ?? url }));
  const { endpoint } = filters;
  // That of a task's push config, or one that is gone, is in no list.
  const isListed = endpoint === undefined || known.some(({ value }) => value === endpoint);
  const choices = isListed ? known : [...known, { value: endpoint, label: endpoint }];
  const change = (part: Record<string, unknown>): void =>
    void navigate({ search: toDeliveryFilters({ ...filters, ...part }), replace: true });
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Link to="/webhooks" className="quiet-link">
            ← {deliveryTexts.back}
          </Link>
          <Title order={1}>{deliveryTexts.title}</Title>
        </Stack>
        <Button variant="default" onClick={() => setSending(true)}>
          {deliveryTexts.allFailed}
        </Button>
      </Group>
      <Group gap="xs">
        <Select
          aria-label={deliveryTexts.status}
          placeholder={deliveryTexts.anyStatus}
          data={deliveryStatuses.map((value) => ({ value, label: deliveryTexts.statuses[value] }))}
          value={filters.status ?? null}
          onChange={(status) => change({ status })}
          clearable
          clearButtonProps={{ 'aria-label': deliveryTexts.clear }}
          style={{ flex: '1 1 140px', maxWidth: 170 }}
        />
        <Select
          aria-label={deliveryTexts.endpoint}
          placeholder={deliveryTexts.anyEndpoint}
          data={choices}
          value={endpoint ?? null}
          onChange={(value) => change({ endpoint: value })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': deliveryTexts.clear }}
          style={{ flex: '1 1 200px', maxWidth: 320 }}
        />
        <TaskFilter taskId={filters.taskId ?? ''} onChange={(taskId) => change({ taskId })} />
      </Group>
      <DeliveryList
        filters={filters}
        empty={
          isFiltered ? (
            <Empty title={deliveryTexts.noMatch}>
              <Button variant="default" onClick={() => void navigate({ search: {} })}>
                {deliveryTexts.clear}
              </Button>
            </Empty>
          ) : (
            <Empty title={deliveryTexts.none} />
          )
        }
      />
      {sending ? <SendFailedAgain webhooks={choices} endpoint={endpoint} onClose={() => setSending(false)} /> : null}
    </Stack>
  );
}

function TaskFilter({ taskId, onChange }: { readonly taskId: string; readonly onChange: (taskId: string) => void }) {
  const [text, type] = useTyped(taskId, (typed) => onChange(typed.trim()));
  return (
    <TextInput
      aria-label={deliveryTexts.task}
      placeholder={deliveryTexts.task}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      style={{ flex: '2 1 240px', maxWidth: 380 }}
    />
  );
}
