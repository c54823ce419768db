/** A server that runs: what its metrics, its failures, its webhooks and its audit log say of how it is. */
import type { Answer } from '@continuo/client';
import { ServerError, type Server } from '../remote/server.js';
import { webhooksOf, type Webhook } from '../remote/webhooks.js';
import { counted } from '../terminal/counted.js';
import { messageOf } from '../terminal/message-of.js';
import { oneLine } from '../terminal/printable.js';
import { shortened } from '../terminal/table.js';
import { span } from '../terminal/times.js';
import { noted, ok, wrong, type Finding } from './finding.js';
import { metricFindings } from './metric-findings.js';
import { Samples } from './samples.js';

const DAY_MS = 86_400_000;
const MOST_NAMED = 3;
const MOST_SIGN_INS = 100;
const MOST_CHARACTERS = 160;
/** What the server says of a webhook that somebody has paused; one that failed for too long pauses by itself. */
const PAUSED_BY_OWNER = 'Paused by its owner.';
const NO_CREDENTIALS = [401, 403];

export async function* runningFindings(server: Server): AsyncGenerator<Finding> {
  yield* asked('metrics', async () => {
    const exposition = await server.read(server.client.urlOf('readMetrics', {}), (response) => response.text());
    return metricFindings(new Samples(exposition), server.url);
  });
  yield* asked('webhooks', async () => webhookFindings(await webhooksOf(server)));
  yield* asked('failures', async () => [failureFinding(await server.call('readErrors', { query: {} }))]);
  yield* asked('sign-ins', async () => {
    const from = new Date(Date.now() - DAY_MS).toISOString();
    const query = { action: 'sign-in.failed', from, pageSize: MOST_SIGN_INS } as const;
    return [signInFinding(await server.call('listAudit', { query }))];
  });
}

/** One thing that can't be asked for leaves the others. */
async function* asked(about: string, find: () => Promise<readonly Finding[]>): AsyncGenerator<Finding> {
  try {
    yield* await find();
  } catch (error) {
    const status = error instanceof ServerError ? error.status : 0;
    const remedy =
      "Hand in an admin's key with --key-file or CONTINUO_API_KEY (`continuo keys create --scopes read,admin`).";
    if (NO_CREDENTIALS.includes(status))
      yield noted(about, 'not looked at: the server asks for a key that may', remedy);
    else if (status >= 400 && status < 500) yield noted(about, `not looked at: ${messageOf(error)}`);
    else yield wrong(about, messageOf(error), "See the server's log.");
  }
}

/** Of the caller's webhooks. */
export function webhookFindings(webhooks: readonly Webhook[]): readonly Finding[] {
  const remedy =
    '`continuo webhooks deliveries --status dead` says what it answered. Mend it, then resume the webhook in the console or with POST /webhooks/:id:resume.';
  return webhooks.flatMap(({ id, url, state, stateReason, failingSince }) => {
    const name = `${id} to ${new URL(url).origin}`;
    if (state === 'gone') return [wrong('webhook', `${name} is off: ${stateReason ?? 'its receiver is gone'}`, remedy)];
    if (state === 'paused') {
      const found = `${name} is paused; what happens is kept for it. ${stateReason ?? ''}`.trimEnd();
      return stateReason === null || stateReason === PAUSED_BY_OWNER
        ? [noted('webhook', found, 'Resume it when it should go on.')]
        : [wrong('webhook', found, remedy)];
    }
    if (failingSince === null) return [];
    return [noted('webhook', `${name} has failed for ${since(failingSince)}`, '`continuo webhooks test` tells how.')];
  });
}

/** Of the caller's tasks. */
function failureFinding({ errors, total }: Answer<'readErrors'>): Finding {
  if (total === 0) return ok('failures', 'no task of yours has failed in the last day');
  const named = errors.slice(0, MOST_NAMED).map(({ count, agent, step, message, taskId }) => {
    const where = step === null ? agent : `${agent}, step ${step}`;
    return `${count} × ${where}: ${shortened(oneLine(message), MOST_CHARACTERS)} (task ${taskId})`;
  });
  const rest = errors.length - named.length;
  const more = rest > 0 ? [`and ${counted(rest, 'kind', 'kinds')} more`] : [];
  const found = [`${counted(total, 'task has', 'tasks have')} failed in the last day`, ...named, ...more];
  return noted(
    'failures',
    found.join('\n'),
    '`continuo tasks trace <task>` shows how; `continuo tasks retry <task>` tries again.',
  );
}

function signInFinding({ entries, nextPageToken }: Answer<'listAudit'>): Finding {
  if (entries.length === 0) return ok('sign-ins', 'none has failed in the last day');
  const timesOf = ({ details }: (typeof entries)[number]): number => Number(details['times'] ?? 1);
  const sum = entries.reduce((all, entry) => all + timesOf(entry), 0);
  const [most] = entries.toSorted((a, b) => timesOf(b) - timesOf(a));
  const from = most?.details['from'];
  const source = typeof from === 'string' ? `, from ${from}` : '';
  const count = `${nextPageToken === '' ? '' : 'more than '}${sum} failed in the last day`;
  return noted(
    'sign-ins',
    `${count}, most often with ${most?.subject ?? 'a key'}${source}`,
    '`continuo audit --action sign-in.failed` has them all: a client with an old key, or somebody who tries.',
  );
}

function since(iso: string): string {
  return span((Date.now() - Date.parse(iso)) / 1_000);
}
