/** What a webhook looks like from outside, and its row. */
import type { WebhookHealth } from './webhook-health.js';
import type { WireTaskState } from '@continuo/agent/internal/tasks/task-state.js';

/** The members of A2A's StreamResponse that tasks send. */
export const eventKinds = ['task', 'statusUpdate', 'artifactUpdate'] as const;
export type EventKind = (typeof eventKinds)[number];

export const webhookStates = ['active', 'paused', 'gone'] as const;
export type WebhookState = (typeof webhookStates)[number];

/** Not a state of A2A's: a task that is held works. */
export const HELD = 'HELD';
/** What may stand in a filter by states. */
export type ToldState = WireTaskState | typeof HELD;

/** What a subscription is told of; null: any. */
export interface WebhookFilter {
  /** `type/name`. */
  readonly agents: readonly string[] | null;
  /** Events that put a task into one of these states, or, by HELD, that say whether it is held; chunks have none. */
  readonly states: readonly ToldState[] | null;
  readonly sessionIds: readonly string[] | null;
  readonly kinds: readonly EventKind[];
}

export interface Webhook extends WebhookFilter {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  /** `gone`: it answered 410, and is told nothing any more. */
  readonly state: WebhookState;
  /** Since when it is paused or gone, and why. */
  readonly stateAt: string | null;
  readonly stateReason: string | null;
  /** Since when every delivery has failed. */
  readonly failingSince: string | null;
  /** Of a push config of A2A: its task, and its id there. */
  readonly taskId?: string;
  readonly configId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** In lists that ask for it. */
  readonly health?: WebhookHealth;
}

/** With the secret, which is shown in this answer alone. */
export interface WebhookWithSecret extends Webhook {
  readonly secret: string;
}

export interface StoredSecret {
  readonly id: string;
  readonly secret: string;
  /** ISO 8601; until then it signs beside its successor. */
  readonly expiresAt?: string;
}

export interface WebhookRow {
  readonly id: string;
  readonly task_id: string | null;
  readonly config_id: string | null;
  readonly url: string;
  readonly description: string | null;
  readonly agents: string[] | null;
  readonly states: ToldState[] | null;
  readonly context_ids: string[] | null;
  readonly kinds: EventKind[];
  readonly state: WebhookState;
  readonly state_at: Date | null;
  readonly state_reason: string | null;
  readonly failing_since: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Of WebhookRow: nothing that is secret. */
export const webhookColumns =
  'id, task_id, config_id, url, description, agents, states, context_ids, kinds, state, state_at, state_reason, ' +
  'failing_since, created_at, updated_at';

export function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    agents: row.agents,
    states: row.states,
    sessionIds: row.context_ids,
    kinds: row.kinds,
    state: row.state,
    stateAt: row.state_at?.toISOString() ?? null,
    stateReason: row.state_reason,
    failingSince: row.failing_since?.toISOString() ?? null,
    ...(row.task_id === null || row.config_id === null ? {} : { taskId: row.task_id, configId: row.config_id }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
