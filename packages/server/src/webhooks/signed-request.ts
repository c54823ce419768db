/** A delivery as it goes out: the body in its receiver's version of A2A, and headers that prove where it comes from. */
import { createHash, createHmac } from 'node:crypto';
import { V03PushNotificationSerializer } from '@a2a-js/sdk/compat/v0_3/server';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { StreamResponse as Event, Task as TaskJson } from '@continuo/agent/internal/tasks/task.js';
import { withGeneration } from '../tasks/generation.js';
import { sdkEvent, sdkTask } from '../tasks/sdk-objects.js';
import type { Target } from './due-deliveries.js';
import { MOST_SECRETS } from './webhook-rows.js';

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Outgoing {
  /** The `webhook-id`: the same whenever it is sent again. */
  readonly id: string;
  readonly event: Event | { readonly message: Readonly<Record<string, unknown>> };
  /** Undefined for what is of no task. */
  readonly taskId?: string;
  /** Its number in the log of its task. */
  readonly seq?: number;
  /** The task as it is now: what receivers of version 0.3 are sent instead of the event. */
  readonly task?: TaskJson | undefined;
}

/** Makes a JWT of these claims with the server's own key, worth something for so many seconds after `now`. */
export type SignToken = (
  claims: Readonly<Record<string, unknown>>,
  now: Date,
  expiresInSeconds: number,
) => Promise<string>;

/** What is sent again is signed again. */
const TOKEN_SECONDS = 300;
const oldSerializer = new V03PushNotificationSerializer();

/**
 * Subscriptions are signed as Standard Webhooks has it, once with each secret that is valid; push configs prove themselves
 * by their token and their authentication (A2A section 4.3.3). All carry a token of the server's own key beside that, which
 * a receiver without a secret verifies.
 */
export async function signedRequest(
  target: Target,
  outgoing: Outgoing,
  now: Date,
  sign: SignToken,
): Promise<SignedRequest> {
  const { id, seq } = outgoing;
  const { body, contentType } = serialized(target, outgoing);
  const token = await sign(claimsOf(target, outgoing, body), now, TOKEN_SECONDS);
  return {
    body,
    headers: {
      'content-type': contentType,
      'user-agent': 'Continuo-Webhooks',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      ...(seq === undefined ? {} : { 'continuo-seq': String(seq) }),
      'continuo-jwt': token,
      ...(target.pushConfig ? credentials(target, token) : { 'webhook-signature': signatures(target, id, now, body) }),
    },
  };
}

/** The hash of the body is named as in A2A's own samples. Each attempt has an id of its own: `webhook-id` is the event's. */
function claimsOf({ url }: Target, { taskId }: Outgoing, body: string): Readonly<Record<string, unknown>> {
  return {
    aud: url,
    jti: newId(),
    ...(taskId === undefined ? {} : { taskId }),
    request_body_sha256: createHash('sha256').update(body).digest('hex'),
  };
}

function serialized(
  { version, pushConfig }: Target,
  { event, seq, task }: Outgoing,
): { readonly body: string; readonly contentType: string } {
  if (version === '0.3') {
    return oldSerializer.serialize(sdkEvent(event), task === undefined ? undefined : sdkTask(task));
  }
  const said = version === '1.1' && seq !== undefined && !('message' in event) ? withGeneration(event, seq) : event;
  return { body: JSON.stringify(said), contentType: pushConfig ? 'application/a2a+json' : 'application/json' };
}

function signatures({ secrets }: Target, id: string, now: Date, body: string): string {
  const valid = secrets.filter(({ expiresAt }) => expiresAt === undefined || new Date(expiresAt) > now);
  return valid
    .slice(0, MOST_SECRETS)
    .map(({ secret }) => signature(secret, `${id}.${Math.floor(now.getTime() / 1000)}.${body}`))
    .join(' ');
}

/** Standard Webhooks' symmetric signature, version 1; what follows `whsec_` is the key in base64. */
function signature(secret: string, signed: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

/** A client that asks for Bearer and names no credentials is sent `signed`: it verifies that. */
function credentials({ token, authScheme, authCredentials }: Target, signed: string): Readonly<Record<string, string>> {
  const wanted = authCredentials ?? (authScheme?.toLowerCase() === 'bearer' ? signed : null);
  return {
    ...(token === null ? {} : { 'x-a2a-notification-token': token }),
    ...(authScheme === null || wanted === null ? {} : { authorization: `${authScheme} ${wanted}` }),
  };
}
