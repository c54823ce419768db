/** The texts about webhooks and their deliveries. */
import type { Webhook, WebhookDelivery } from '@continuo/client';
import { counted, isolated, number, percent } from '../formats.js';
import { inLanguage } from '../language.js';

type HeldBackBy = NonNullable<WebhookDelivery['heldBackBy']>;

interface Health {
  readonly delivered: number;
  readonly failed: number;
  readonly complete: boolean;
}

const deliveries = (n: number) => counted(n, { one: 'delivery', other: 'deliveries' });

const webhook = {
  hint: 'Send signed HTTP requests to your servers when tasks change.',
  none: 'No webhooks yet',
  noneHint: 'Create one to send events to your server.',
  create: 'New webhook',
  change: 'Edit',
  save: 'Save',
  url: 'URL',
  urlHint: 'Events are sent to this address',
  description: 'Description',
  agents: 'Agents',
  anyAgent: 'All agents',
  states: 'States',
  anyState: 'All states',
  kinds: 'Events',
  sessions: 'Sessions',
  sessionsHint: 'Session ids, separated by commas. Leave empty for all sessions.',
  someSessions: (n: number) => counted(n, { one: 'session', other: 'sessions' }),
  kindNames: {
    task: 'Task started',
    statusUpdate: 'Status changed',
    artifactUpdate: 'Artifact written',
  } satisfies Record<WebhookDelivery['kind'], string>,
  kindHints: {
    task: 'Once per task, when it starts',
    statusUpdate: 'Every state, question and progress message',
    artifactUpdate: 'Every piece of output while it’s written',
  } satisfies Record<WebhookDelivery['kind'], string>,
  example: 'Example',
  exampleOf: (kind: string) => `Example: ${kind}`,
  health: ({ delivered, failed, complete }: Health) =>
    delivered + failed === 0
      ? 'Nothing sent in the last 24 hours'
      : `${complete ? 'Last 24 hours' : 'Latest deliveries'}: ${percent(delivered / (delivered + failed), 1)} delivered (${number(delivered)} of ${number(delivered + failed)})`,
  healthHour: (at: string, { delivered, failed }: Omit<Health, 'complete'>) =>
    `From ${at}: ${number(delivered)} delivered, ${number(failed)} failed`,
  lastFailure: 'Last failure',
  verify: 'Verify signatures',
  verifyHint:
    'Requests are signed as described by Standard Webhooks. Put the webhook’s secret in WEBHOOK_SECRET and run this.',
  verifyLanguage: 'Language',
  state: {
    active: 'Active',
    paused: 'Paused',
    gone: 'Disabled (410)',
  } satisfies Record<Webhook['state'], string>,
  failing: 'Failing',
  failingSince: 'Every delivery has failed since',
  actions: (url: string) => `Actions for ${url}`,
  test: 'Send a test event',
  pause: 'Pause',
  resume: 'Resume',
  rotate: 'New secret',
  rotateQuestion: 'Create a new secret?',
  rotateHint:
    'Requests are also signed with the old secret for a day, so you have time to replace it in your receiver.',
  remove: 'Delete',
  removeQuestion: 'Delete this webhook?',
  removeHint: (url: string) => `Stops deliveries to ${isolated(url)} and deletes their history. This can’t be undone.`,
  secret: 'Webhook secret',
  secretHint: 'Store it in your receiver to verify signatures. You won’t see it again.',
  deliveries: 'Deliveries',
  testing: 'Waiting for a response…',
  testWorks: 'It works',
  testFails: 'It doesn’t work yet',
};

const delivery = {
  title: 'Deliveries',
  back: 'Webhooks',
  none: 'No deliveries yet',
  noneOfTask: 'No webhook matches this task',
  noMatch: 'No deliveries match these filters',
  clear: 'Clear filters',
  status: 'Status',
  anyStatus: 'Any status',
  endpoint: 'Webhook',
  anyEndpoint: 'Any webhook',
  task: 'Task id',
  statuses: {
    pending: 'Pending',
    delivered: 'Delivered',
    dead: 'Failed',
    dropped: 'Dropped',
  } satisfies Record<WebhookDelivery['status'], string>,
  event: (kind: string, seq: number) => `${kind} · event ${seq}`,
  ofTask: 'Task',
  attempts: (n: number) => counted(n, { one: 'attempt', other: 'attempts' }),
  attempt: (n: number) => `Attempt ${n}`,
  noAttempt: 'Not sent yet',
  heldBack: {
    paused: 'Webhook paused',
    earlier: 'Waiting for an earlier event',
  } satisfies Record<HeldBackBy, string>,
  heldBackBy: {
    paused: 'The webhook is paused. This is sent when you resume it.',
    earlier: 'Held back: an earlier event of this task hasn’t been delivered yet, and events are sent in order.',
  } satisfies Record<HeldBackBy, string>,
  now: 'Try now',
  showRequest: 'Show request',
  request: 'Request',
  curlHint:
    'Signed just now; receivers usually accept a signature for five minutes. Headers that hold credentials are hidden.',
  answered: (status: number) => `HTTP ${status}`,
  noAnswer: 'No response',
  latency: (ms: number) => `${number(ms)} ms`,
  next: 'Next attempt',
  response: 'Response (first bytes)',
  show: (what: string) => `Attempts: ${what}`,
  again: 'Resend',
  againDone: 'Resending',
  older: 'Show older',
  allFailed: 'Resend failed…',
  allFailedHint: 'Resends the failed deliveries of one webhook in a period you choose.',
  which: 'Deliveries',
  dead: 'Failed after the last attempt',
  dropped: 'Dropped when the webhook was disabled',
  after: 'Recorded after',
  before: 'Recorded before',
  anyTime: 'Leave empty for no limit',
  sendAll: 'Resend',
  allDone: (n: number) => (n === 0 ? 'Nothing to resend' : `Resending ${deliveries(n)}`),
};

const english = { webhookTexts: webhook, deliveryTexts: delivery };

export type WebhookTexts = typeof english;

export const { webhookTexts, deliveryTexts } = await inLanguage(english, {
  de: () => import('./german/webhooks.js'),
});
