/** What the API answers of webhooks and their deliveries. */
import { z } from 'zod';
import { taskStates, toWireState } from '@continuo/agent/internal/tasks/task-state.js';
import {
  deliveryStatuses,
  type Delivery,
  type DeliveryPage,
  type DeliveryWithAttempts,
} from '../../webhooks/list-deliveries.js';
import type { DeliveryAttempt } from '../../webhooks/record-attempts.js';
import { eventKinds, HELD, webhookStates, type Webhook, type WebhookWithSecret } from '../../webhooks/webhook.js';
import type { WebhookHealth } from '../../webhooks/webhook-health.js';
import type { WebhookPage } from '../../webhooks/webhook-rows.js';
import type { DeliveryRequest, TestResult } from '../../webhooks/webhooks.service.js';
import { moment, name } from './shapes.js';

const list = z.array(z.string());

const healthShape: z.ZodType<WebhookHealth> = name(
  'WebhookHealth',
  z.object({
    hours: z.array(z.object({ at: moment, delivered: z.int(), failed: z.int() })),
    complete: z.boolean(),
    lastFailure: z
      .object({ deliveryId: z.string(), at: moment, status: z.int().nullable(), error: z.string().nullable() })
      .nullable(),
  }),
);

const webhook = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  agents: list.nullable(),
  states: z.array(z.enum([...taskStates.map(toWireState), HELD])).nullable(),
  sessionIds: list.nullable(),
  kinds: z.array(z.enum(eventKinds)),
  state: z.enum(webhookStates),
  stateAt: moment.nullable(),
  stateReason: z.string().nullable(),
  failingSince: moment.nullable(),
  taskId: z.string().optional(),
  configId: z.string().optional(),
  createdAt: moment,
  updatedAt: moment,
  health: healthShape.optional(),
});

export const webhookShape: z.ZodType<Webhook> = name('Webhook', webhook);

export const webhookWithSecretShape: z.ZodType<WebhookWithSecret> = name(
  'WebhookWithSecret',
  webhook.extend({ secret: z.string() }),
);

export const webhookPageShape: z.ZodType<WebhookPage> = name(
  'WebhookPage',
  z.object({ webhooks: z.array(webhookShape), nextPageToken: z.string() }),
);

/** What came of one request. */
const answered = {
  at: moment,
  status: z.int().nullable(),
  latencyMs: z.int(),
  response: z.string().nullable(),
  error: z.string().nullable(),
};

export const testResultShape: z.ZodType<TestResult> = name(
  'WebhookTestResult',
  z.object({ id: z.string(), ok: z.boolean(), ...answered }),
);

const attemptShape: z.ZodType<DeliveryAttempt> = name('WebhookAttempt', z.object({ number: z.int(), ...answered }));

const delivery = z.object({
  id: z.string(),
  webhookId: z.string(),
  url: z.string(),
  taskId: z.string(),
  seq: z.int(),
  kind: z.enum(eventKinds),
  status: z.enum(deliveryStatuses),
  attemptCount: z.int(),
  createdAt: moment,
  deliveredAt: moment.nullable(),
  nextAttemptAt: moment.nullable(),
  heldBackBy: z.enum(['paused', 'earlier']).nullable(),
  lastAttempt: attemptShape.nullable(),
});

const deliveryShape: z.ZodType<Delivery> = name('WebhookDelivery', delivery);

export const deliveryWithAttemptsShape: z.ZodType<DeliveryWithAttempts> = name(
  'WebhookDeliveryWithAttempts',
  delivery.extend({ attempts: z.array(attemptShape) }),
);

export const deliveryPageShape: z.ZodType<DeliveryPage> = name(
  'WebhookDeliveryPage',
  z.object({ deliveries: z.array(deliveryShape), nextPageToken: z.string() }),
);

export const deliveryRequestShape: z.ZodType<DeliveryRequest> = name(
  'WebhookDeliveryRequest',
  z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() }),
);

export const redeliveredShape = name('WebhookRedelivered', z.object({ redelivered: z.int() }));
