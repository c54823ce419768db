/** A delivery as it goes out: the body in its receiver's version of A2A, and headers that prove where it comes from. */
import { StreamResponse, Task } from '@a2a-js/sdk';
import { V03PushNotificationSerializer } from '@a2a-js/sdk/compat/v0_3/server';
import { Webhook } from 'standardwebhooks';
import type { StreamResponse as Event, Task as TaskJson } from '../tasks/task.js';
import type { Target } from './due-deliveries.js';

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Outgoing {
  /** The `webhook-id`: the same whenever it is sent again. */
  readonly id: string;
  readonly event: Event | { readonly message: Readonly<Record<string, unknown>> };
  /** Its number in the log of its task. */
  readonly seq?: number;
  /** The task as it is now: what receivers of version 0.3 are sent instead of the event. */
  readonly task?: TaskJson | undefined;
}

const oldSerializer = new V03PushNotificationSerializer();

/**
 * Subscriptions are signed as Standard Webhooks has it, once with each secret that is valid; push configs prove themselves
 * by their token and their authentication (A2A section 4.3.3).
 */
export function signedRequest(target: Target, { id, event, seq, task }: Outgoing, now: Date): SignedRequest {
  const { body, contentType } = serialized(target, event, task);
  return {
    body,
    headers: {
      'content-type': contentType,
      'user-agent': 'Continuo-Webhooks',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      ...(seq === undefined ? {} : { 'continuo-seq': String(seq) }),
      ...(target.pushConfig ? credentials(target) : { 'webhook-signature': signatures(target, id, now, body) }),
    },
  };
}

function serialized(
  { version, pushConfig }: Target,
  event: Outgoing['event'],
  task: TaskJson | undefined,
): { readonly body: string; readonly contentType: string } {
  if (version === '0.3') {
    return oldSerializer.serialize(
      StreamResponse.fromJSON(event),
      task === undefined ? undefined : Task.fromJSON(task),
    );
  }
  return { body: JSON.stringify(event), contentType: pushConfig ? 'application/a2a+json' : 'application/json' };
}

function signatures({ secrets }: Target, id: string, now: Date, body: string): string {
  const valid = secrets.filter(({ expiresAt }) => expiresAt === undefined || new Date(expiresAt) > now);
  return valid.map(({ secret }) => new Webhook(secret).sign(id, now, body)).join(' ');
}

function credentials({ token, authScheme, authCredentials }: Target): Readonly<Record<string, string>> {
  return {
    ...(token === null ? {} : { 'x-a2a-notification-token': token }),
    ...(authScheme === null || authCredentials === null ? {} : { authorization: `${authScheme} ${authCredentials}` }),
  };
}
