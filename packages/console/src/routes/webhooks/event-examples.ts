/** What the body of a delivery looks like, one of each kind: a `StreamResponse` of A2A. */
import type { StreamResponse, WebhookDelivery } from '@continuo/client';

const ids = {
  taskId: '0199f3a0-5d1c-7c3e-9a41-3f0d5c1b2a77',
  contextId: '0199f3a0-5d1b-7e52-8c10-6a9e4d2f1b03',
};

export const exampleOf: Readonly<Record<WebhookDelivery['kind'], StreamResponse>> = {
  task: {
    task: {
      id: ids.taskId,
      contextId: ids.contextId,
      status: { state: 'TASK_STATE_SUBMITTED', timestamp: '2026-01-31T09:00:00.000Z' },
    },
  },
  statusUpdate: {
    statusUpdate: {
      ...ids,
      status: {
        state: 'TASK_STATE_INPUT_REQUIRED',
        timestamp: '2026-01-31T09:00:04.000Z',
        message: {
          messageId: '0199f3a0-6c2d-7a10-b3f4-1d2e3c4b5a69',
          role: 'ROLE_AGENT',
          parts: [{ text: 'Which flight would you like?' }],
          ...ids,
        },
      },
    },
  },
  artifactUpdate: {
    artifactUpdate: {
      ...ids,
      artifact: { artifactId: 'answer', name: 'answer', parts: [{ text: 'The flight is booked.' }] },
      append: false,
      lastChunk: true,
    },
  },
};
