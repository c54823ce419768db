/** What clients may say of a webhook, checked: subscriptions, changes to them, and push configs of A2A. */
import { z } from 'zod';
import { listOf } from '@continuo/agent/internal/platform/lists.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { stateNamed, taskStates, toWireState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Egress } from '../platform/egress/egress.js';
import { onlyFields } from '../platform/known-fields.js';
import type { PushConfig } from './push-config-rows.js';
import { eventKinds, HELD, type ToldState } from './webhook.js';

const MOST_IN_A_FILTER = 100;
const AGENT_CHARACTERS = 512;
const URL_CHARACTERS = 2_048;
const MOST_OVERLAP_S = 30 * 24 * 60 * 60;
const DAY_S = 24 * 60 * 60;

const url = z.string().min(1).max(URL_CHARACTERS);
const id = z.string().min(1).max(256);
/** What may stand in a header. */
const visible = z
  .string()
  .max(8_192)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'expected visible ASCII characters');
const scheme = z
  .string()
  .max(64)
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected the name of an HTTP authentication scheme, as Bearer');

/** `COMPLETED` or `TASK_STATE_COMPLETED`, and `HELD` or `held`. */
const state = z.string().transform((value, context): ToldState => {
  if (value === HELD || value === HELD.toLowerCase()) return HELD;
  const known = stateNamed(value);
  if (known !== undefined) return toWireState(known);
  context.issues.push({ code: 'custom', input: value, message: `expected one of ${[...taskStates, HELD].join(', ')}` });
  return z.NEVER;
});

function filter<Value>(value: z.ZodType<Value>) {
  return listOf(value, { min: 1, max: MOST_IN_A_FILTER }).nullish();
}

const fields = {
  description: z.string().max(500).nullish(),
  agents: filter(
    z
      .string()
      .max(AGENT_CHARACTERS)
      .regex(/^[^/]+\/[^/]+$/, 'expected type/name'),
  ),
  states: filter(state),
  sessionIds: filter(id),
  kinds: filter(z.enum(eventKinds, { error: `expected one of ${eventKinds.join(', ')}` })),
};
export const newWebhook = onlyFields({ url, ...fields });
export const webhookChange = onlyFields({ url: url.optional(), ...fields });
export const rotation = onlyFields({ overlapSeconds: z.int().min(0).max(MOST_OVERLAP_S).default(DAY_S) });

const DEFAULT_KINDS = ['task', 'statusUpdate'] as const;

/** Throws INVALID_ARGUMENT, as the others here do. */
export function parseNewWebhook(value: unknown, egress: Egress) {
  const given = parse(newWebhook, value);
  egress.check(given.url, 'url');
  const { description = null, agents = null, states = null, sessionIds = null, kinds } = given;
  return { url: given.url, description, agents, states, sessionIds, kinds: kinds ?? DEFAULT_KINDS };
}

/** What is absent stays; null takes a filter away. */
export function parseWebhookChange(value: unknown, egress: Egress) {
  const given = parse(webhookChange, value);
  if (given.url !== undefined) egress.check(given.url, 'url');
  return { ...given, kinds: given.kinds === null ? DEFAULT_KINDS : given.kinds };
}

/** How long the old secret signs beside the new one. */
export function parseRotation(value: unknown): { readonly overlapSeconds: number } {
  return parse(rotation, value);
}

const pushConfig = z.object({
  id,
  taskId: id,
  url,
  token: visible.optional(),
  authentication: z.object({ scheme, credentials: visible.optional() }).optional(),
});

/** Empty strings are what A2A's own format makes of absent fields. */
export function parsePushConfig(value: Readonly<Record<string, unknown>>, egress: Egress, root: string): PushConfig {
  const present = (all: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(all).filter(([, field]) => field !== '' && field !== undefined));
  const { authentication, ...rest } = value;
  const own =
    typeof authentication === 'object' && authentication !== null
      ? { authentication: present({ ...authentication }) }
      : {};
  const config = parse(pushConfig, { ...present(rest), ...own }, root);
  egress.check(config.url, root === '' ? 'url' : `${root}.url`);
  return config;
}
