/** Deliveries, the newest first: what was sent, what came of it, and every attempt for who asks. */
import { Button, Group, Loader, Stack, Text, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState, type ReactNode } from 'react';
import { call } from '../../api/client.js';
import { byToken } from '../../api/pages.js';
import type { WebhookDelivery } from '@continuo/client';
import { DotLabel } from '../../components/dot-label.js';
import { mainOfRow, opensAsAWhole } from '../../components/opens.js';
import { More, Paged } from '../../components/paged.js';
import { Ago, At, TimeOfDay } from '../../components/time.js';
import { complain } from '../../tasks/actions.js';
import { deliveryTexts, webhookTexts } from '../../texts/webhooks.js';
import { AttemptView, outcomeOf } from './attempt-view.js';
import type { DeliveryFilters } from './delivery-filters.js';
import { DeliveryRequest } from './delivery-request.js';

const LOOK_AGAIN_MS = 3_000;
const colours = { pending: 'blue.6', delivered: 'teal.6', dead: 'red.7', dropped: 'gray.5' } as const;

function deliveryPages(filters: DeliveryFilters) {
  return infiniteQueryOptions({
    queryKey: ['deliveries', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('listDeliveries', { query: { ...filters, pageSize: 50, pageToken: pageParam } }, signal),
    ...byToken,
    // Deliveries are no events of tasks: what becomes of them is seen by asking.
    refetchInterval: LOOK_AGAIN_MS,
  });
}

interface DeliveryListProps {
  readonly filters: DeliveryFilters;
  /** What is shown when there are none. */
  readonly empty: ReactNode;
}

export function DeliveryList({ filters, empty }: DeliveryListProps) {
  const pages = useInfiniteQuery(deliveryPages(filters));
  const deliveries = pages.data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <Stack gap="md">
      <div className="panel">
        <Paged list={pages} count={deliveries.length} empty={empty}>
          <ul className="records" aria-label={deliveryTexts.title}>
            {deliveries.map((delivery) => (
              <Delivery key={delivery.id} delivery={delivery} ofOneTask={filters.taskId !== undefined} />
            ))}
          </ul>
        </Paged>
      </div>
      <More list={pages} label={deliveryTexts.older} />
    </Stack>
  );
}

interface DeliveryProps {
  readonly delivery: WebhookDelivery;
  readonly ofOneTask: boolean;
}

function Delivery({ delivery, ofOneTask }: DeliveryProps) {
  const [open, setOpen] = useState(false);
  const panel = useId();
  const { status, kind, seq, url, taskId, createdAt, attemptCount, lastAttempt, nextAttemptAt, heldBackBy } = delivery;
  const event = deliveryTexts.event(webhookTexts.kindNames[kind], seq);
  const facts = [
    lastAttempt === null ? deliveryTexts.noAttempt : outcomeOf(lastAttempt.status),
    ...(attemptCount > 1 ? [deliveryTexts.attempts(attemptCount)] : []),
    ...(heldBackBy === null ? [] : [deliveryTexts.heldBack[heldBackBy]]),
  ];
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li data-delivery={delivery.id}>
      <div className="record" {...opensAsAWhole}>
        <div className="record-state">
          <DotLabel colour={colours[status]} label={deliveryTexts.statuses[status]} lively={status === 'pending'} />
        </div>
        <Stack gap={2} className="record-main">
          <UnstyledButton
            className="record-open"
            {...mainOfRow}
            aria-expanded={open}
            aria-controls={open ? panel : undefined}
            aria-label={deliveryTexts.show(event)}
            onClick={() => setOpen(!open)}
          >
            {event} <Chevron size={14} aria-hidden />
          </UnstyledButton>
          <Text size="sm" c="dimmed" className="any-line">
            {url}
          </Text>
        </Stack>
        <Stack gap={2} className="record-facts">
          <Text size="sm" className="numbers">
            {facts.join(' · ')}
          </Text>
          <Text size="sm" c="dimmed" className="numbers">
            <Ago at={createdAt} />
            {lastAttempt === null ? '' : ` · ${deliveryTexts.latency(lastAttempt.latencyMs)}`}
            {nextAttemptAt === null || heldBackBy === 'paused' ? null : (
              <>
                {` · ${deliveryTexts.next} `}
                <TimeOfDay at={nextAttemptAt} />
              </>
            )}
            {ofOneTask ? null : (
              <>
                {' · '}
                <Link to="/tasks/$id" params={{ id: taskId }}>
                  {deliveryTexts.ofTask} {taskId.slice(-6)}
                </Link>
              </>
            )}
          </Text>
        </Stack>
      </div>
      {open ? (
        <div id={panel} className="record-details">
          <Attempts id={delivery.id} />
        </div>
      ) : null}
    </li>
  );
}

function Attempts({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const delivery = useQuery({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }) => call('getDelivery', { path: { id } }, signal),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const again = useMutation({
    mutationFn: () => call('redeliver', { path: { id } }),
    onSuccess: () => {
      notifications.show({ color: 'indigo', message: deliveryTexts.againDone });
      return client.invalidateQueries({ queryKey: ['deliveries'] });
    },
    onError: complain,
  });
  if (delivery.data === undefined) {
    return delivery.error === null ? <Loader size="xs" /> : <Text size="sm">{delivery.error.message}</Text>;
  }
  const { attempts, status, nextAttemptAt, heldBackBy } = delivery.data;
  return (
    <Stack gap="md">
      {attempts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {deliveryTexts.noAttempt}
        </Text>
      ) : null}
      {attempts.map((attempt) => (
        <AttemptView key={attempt.number} attempt={attempt} />
      ))}
      {heldBackBy === null ? null : <Text size="sm">{deliveryTexts.heldBackBy[heldBackBy]}</Text>}
      {nextAttemptAt === null || heldBackBy === 'paused' ? null : (
        <Text size="sm" c="dimmed">
          {deliveryTexts.next}: <At at={nextAttemptAt} />
        </Text>
      )}
      <Group>
        <Button
          variant="default"
          size="xs"
          disabled={heldBackBy === 'paused'}
          loading={again.isPending}
          onClick={() => again.mutate()}
        >
          {status === 'pending' ? deliveryTexts.now : deliveryTexts.again}
        </Button>
      </Group>
      <DeliveryRequest id={id} />
    </Stack>
  );
}
