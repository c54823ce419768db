/** The operations on webhooks and their deliveries. */
import { newWebhook, rotation, webhookChange } from '../../webhooks/webhook-options.js';
import { deliveryListParameters, givenUp } from '../webhook-deliveries.controller.js';
import { webhookListParameters } from '../webhooks.controller.js';
import type { Operation } from './operation.js';
import {
  deliveryPageShape,
  deliveryWithAttemptsShape,
  redeliveredShape,
  testResultShape,
  webhookPageShape,
  webhookShape,
  webhookWithSecretShape,
} from './webhook-shapes.js';

export const webhookOperations: readonly Operation[] = [
  {
    id: 'listWebhooks',
    method: 'get',
    path: '/webhooks',
    summary: 'Subscriptions, the newest first',
    query: webhookListParameters,
    answer: webhookPageShape,
  },
  {
    id: 'createWebhook',
    method: 'post',
    path: '/webhooks',
    summary: 'Subscribe; the secret is in this answer alone',
    body: newWebhook,
    answer: webhookWithSecretShape,
  },
  {
    id: 'listDeliveries',
    method: 'get',
    path: '/webhooks/deliveries',
    summary: 'Deliveries, the newest first',
    query: deliveryListParameters,
    answer: deliveryPageShape,
  },
  {
    id: 'getDelivery',
    method: 'get',
    path: '/webhooks/deliveries/{id}',
    summary: 'A delivery with its attempts',
    answer: deliveryWithAttemptsShape,
  },
  {
    id: 'redeliver',
    method: 'post',
    path: '/webhooks/deliveries/{id}:redeliver',
    summary: 'Send a delivery again',
    answer: deliveryWithAttemptsShape,
  },
  {
    id: 'redeliverAll',
    method: 'post',
    path: '/webhooks/deliveries:redeliver',
    summary: 'Send again what was given up',
    body: givenUp,
    answer: redeliveredShape,
  },
  { id: 'getWebhook', method: 'get', path: '/webhooks/{id}', summary: 'A webhook', answer: webhookShape },
  {
    id: 'updateWebhook',
    method: 'patch',
    path: '/webhooks/{id}',
    summary: 'Change a webhook: what is absent stays, null takes a filter away',
    body: webhookChange,
    answer: webhookShape,
  },
  {
    id: 'deleteWebhook',
    method: 'delete',
    path: '/webhooks/{id}',
    summary: 'Delete a webhook with its deliveries',
  },
  {
    id: 'rotateSecret',
    method: 'post',
    path: '/webhooks/{id}:rotate',
    summary: 'A new secret; the old one signs beside it for a while',
    body: rotation,
    answer: webhookWithSecretShape,
  },
  { id: 'pauseWebhook', method: 'post', path: '/webhooks/{id}:pause', summary: 'Pause', answer: webhookShape },
  { id: 'resumeWebhook', method: 'post', path: '/webhooks/{id}:resume', summary: 'Resume', answer: webhookShape },
  {
    id: 'testWebhook',
    method: 'post',
    path: '/webhooks/{id}:test',
    summary: 'Send a test event now',
    answer: testResultShape,
  },
];
