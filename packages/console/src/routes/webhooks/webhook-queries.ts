/** The subscriptions, and what can be done with them. */
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { byToken } from '../../api/pages.js';
import type { Operations, Webhook } from '@continuo/client';
import { complain } from '../../tasks/actions.js';

const LOOK_AGAIN_MS = 10_000;

export const webhookPages = infiniteQueryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ pageParam, signal }) =>
    call('listWebhooks', { query: { pageSize: 100, pageToken: pageParam, health: true } }, signal),
  ...byToken,
  // Deliveries are no events of tasks: whether they succeed is seen by asking.
  refetchInterval: LOOK_AGAIN_MS,
});

export type NewWebhook = Operations['createWebhook']['body'];

/** A change of webhooks: the list follows, and a refusal is said. */
function useChange<Input, Output>(change: (input: Input) => Promise<Output>, onDone?: (output: Output) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (output) => {
      onDone?.(output);
      return client.invalidateQueries({ queryKey: ['webhooks'] });
    },
    onError: complain,
  });
}

/** `onSecret`: of a new webhook. */
export function useSave(webhook: Webhook | undefined, onDone: () => void, onSecret: (secret: string) => void) {
  return useChange(async (given: NewWebhook) => {
    if (webhook === undefined) onSecret((await call('createWebhook', { body: given })).secret);
    else await call('updateWebhook', { path: { id: webhook.id }, body: given });
  }, onDone);
}

export function useWebhookActions({ id }: Webhook, onSecret: (secret: string) => void) {
  const path = { id };
  return {
    pause: useChange(() => call('pauseWebhook', { path })),
    resume: useChange(() => call('resumeWebhook', { path })),
    remove: useChange(() => call('deleteWebhook', { path })),
    rotate: useChange(
      () => call('rotateSecret', { path, body: {} }),
      ({ secret }) => onSecret(secret),
    ),
    test: useChange(() => call('testWebhook', { path })),
  };
}
