/** The channel: what Continuo tells of questions goes out as mail, and replies go back as answers. It keeps nothing. */
import { ContinuoApiError, ContinuoClient, type StreamResponse, type Webhook } from '@continuo/client';
import { answerWith } from './answers.js';
import { Mailer } from './mailer.js';
import { questionMail, refusalMail, type Mail } from './mails.js';
import { askedBy } from './question.js';
import { recipientsOf, tellEach, type Recipients } from './recipients.js';
import { ReplyAddresses } from './reply-address.js';
import { listenForReplies, type RepliesOptions, type TakenReply } from './reply-listener.js';
import { listenForEvents, type WebhookOptions } from './webhook-listener.js';

/** Where Continuo and the mail server are, who is asked, and where replies come to. */
export interface MailChannelOptions {
  /** The address of Continuo. */
  readonly url: string;
  /** Of the owner whose tasks' questions are mailed, with the scopes `read` and `write`. */
  readonly apiKey?: string | undefined;
  /** Where people open the console. Default: `/console` at `url`. */
  readonly consoleUrl?: string | undefined;
  /** The server that sends mails: `smtps://user:password@mail.example.com:465`. */
  readonly smtp: string;
  /** Whom questions come from: `Continuo <agents@example.com>`. */
  readonly from: string;
  readonly to: Recipients;
  readonly replies: RepliesOptions;
  readonly webhook: WebhookOptions;
  /** Gets a line for what happens, without addresses and secrets. Default: nowhere. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A channel that runs. */
export interface MailChannel {
  /** Finishes what is under way. What comes meanwhile is sent again later: by Continuo, and by the servers of those who reply. */
  close(): Promise<void>;
}

/** Questions that were mailed lately: their deliveries may come again. */
const MOST_KNOWN = 10_000;

/**
 * Mails people the questions of tasks and takes their replies as answers, until it is closed. Subscribes to Continuo's events
 * by itself. Throws when Continuo can't be reached, a port is taken, or an option is wrong.
 *
 * @example
 * const channel = await startMailChannel({
 *   url: 'http://127.0.0.1:4000',
 *   smtp: 'smtp://127.0.0.1:25',
 *   from: 'Continuo <agents@example.com>',
 *   to: { '*': ['ann@example.com'] },
 *   replies: { domain: 'replies.example.com', secret, host: '0.0.0.0', port: 2525 },
 *   webhook: { url: 'http://127.0.0.1:5025/', host: '127.0.0.1', port: 5025 },
 * });
 */
export async function startMailChannel(options: MailChannelOptions): Promise<MailChannel> {
  const { to, replies, webhook, log = () => undefined } = options;
  const server = options.url.replace(/\/+$/, '');
  const client = new ContinuoClient({
    url: server,
    retries: 1,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  });
  const { domain, secret } = replies;
  const addresses = new ReplyAddresses({ domain, secret, recipients: Object.values(to).flat() });
  const own = /<([^<>]+)>\s*$/.exec(options.from)?.[1] ?? options.from;
  const mailer = new Mailer(options.smtp, options.from);
  const mailed = new Map<string, Promise<void>>();
  const linkTo = (taskId: string): string => `${options.consoleUrl ?? `${server}/console`}/tasks/${taskId}`;

  const listeners: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((stop) => stop()));
    mailer.close();
  };
  try {
    listeners.push(await listenForEvents({ ...webhook, server, hear, log }));
    listeners.push(await listenForReplies({ ...replies, addresses, own, take, log }));
    await subscribe(client, webhook.url);
  } catch (error) {
    await close();
    throw error;
  }
  log(`Ready: questions are mailed, and replies come in at port ${replies.port}.`);
  return { close };

  /** An event is a hint: what is mailed is what the task asks now. */
  async function hear({ statusUpdate }: StreamResponse): Promise<void> {
    if (statusUpdate?.status.state !== 'TASK_STATE_INPUT_REQUIRED') return;
    const { taskId, status } = statusUpdate;
    const task = await client.tasks.get(taskId, { historyLength: 0, includeArtifacts: false }).catch(ifItIsThere);
    const question = task === undefined ? undefined : askedBy(task);
    // What was asked next has an event of its own.
    if (question === undefined || (status.message?.messageId ?? question.questionId) !== question.questionId) return;
    await tellEach(recipientsOf(question.agent, to), (recipient) => {
      const replyTo = addresses.of({ ...question, recipient });
      return sendOnce(taskId, questionMail(question, { recipient, replyTo, domain, link: linkTo(taskId) }));
    });
  }

  /** A delivery that comes again finds that its mail was sent, or is being sent, as long as this process lives. */
  async function sendOnce(taskId: string, mail: Mail): Promise<void> {
    const told = (): void => log(`A question of task ${taskId} was mailed.`);
    const sending = mailed.get(mail.messageId) ?? mailer.send(mail).then(told);
    mailed.set(mail.messageId, sending);
    const [oldest] = mailed.keys();
    if (mailed.size > MOST_KNOWN && oldest !== undefined) mailed.delete(oldest);
    await sending.catch((error: unknown) => {
      mailed.delete(mail.messageId);
      throw error;
    });
  }

  async function take(reply: TakenReply): Promise<void> {
    const { address: replyTo, taskId, recipient } = reply.to;
    const refused = await answerWith(client, reply);
    log(`A reply to task ${taskId} was ${refused === undefined ? 'taken' : 'refused'}.`);
    if (refused === undefined) return;
    await mailer.send(refusalMail(refused, { recipient, replyTo, domain, link: linkTo(taskId), reply }));
  }
}

/** Makes the subscription, or takes up the one of an earlier start: with what was given up while nobody was there. */
async function subscribe(client: ContinuoClient, url: string): Promise<void> {
  const known = await subscriptionTo(client, url);
  if (known === undefined) {
    const wanted = { states: ['INPUT_REQUIRED'], kinds: ['statusUpdate'] } as const;
    await client.webhooks.create({ url, description: 'Questions by mail', ...wanted });
    return;
  }
  if (known.state !== 'active') await client.webhooks.resume(known.id);
  await client.webhooks.redeliverAll({ endpoint: known.id });
}

async function subscriptionTo(client: ContinuoClient, url: string): Promise<Webhook | undefined> {
  for (let pageToken: string | undefined; pageToken !== '';) {
    const { webhooks, nextPageToken } = await client.webhooks.list({ pageToken });
    const known = webhooks.find((webhook) => webhook.url === url);
    if (known !== undefined) return known;
    pageToken = nextPageToken;
  }
  return undefined;
}

function ifItIsThere(error: unknown): undefined {
  if (error instanceof ContinuoApiError && error.reason === 'TASK_NOT_FOUND') return undefined;
  throw error;
}
