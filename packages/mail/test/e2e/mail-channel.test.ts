/** The mail channel between a real server and the mail servers of a small world: nothing is asked twice, no answer is lost, nobody else answers. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ContinuoClient, answerOf, type Task } from '@continuo/client';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { forThisFile } from '../../../server/test/support/outcome.js';
import { freePort, startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { soon } from '../../../server/test/support/soon.js';
import { until } from '../../../server/test/support/until.js';
import { startChannel, type ChannelProcess } from '../support/channel-process.js';
import { sendReply, startMailWorld, type ArrivedMail, type MailWorld, type Reply } from '../support/mail-world.js';

const entry = new URL('../support/asking-server.mjs', import.meta.url).pathname;
const secret = 'd1d2d3d4d5d6d7d8d9d0d1d2d3d4d5d6';
/** So that what a receiver didn't take comes again at once, and is given up within seconds. */
const quick = {
  CONTINUO_WEBHOOK_RETRIES: Array.from({ length: 20 }, () => '0.2').join(','),
  ...soon,
};

let world: MailWorld;
let server: ServerProcess;
let channel: ChannelProcess;
let client: ContinuoClient;
let settings: Readonly<Record<string, string>>;
const port = (): number => Number(settings['MAIL_PORT']);

beforeAll(async () => {
  world = await startMailWorld();
  const { url } = await createTestDatabase();
  server = await startServer({ entry, env: { ...quick, DATABASE_URL: url, PORT: String(await freePort()) } });
  client = new ContinuoClient({ url: server.url });
  const webhookPort = String(await freePort());
  settings = {
    CONTINUO_URL: server.url,
    MAIL_SMTP_URL: world.url,
    MAIL_FROM: 'Continuo <agents@example.com>',
    MAIL_TO: 'ann@people.example',
    MAIL_REPLY_DOMAIN: 'replies.example.com',
    MAIL_SECRET: secret,
    MAIL_HOST: '127.0.0.1',
    MAIL_PORT: String(await freePort()),
    MAIL_WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/questions`,
    MAIL_WEBHOOK_PORT: webhookPort,
  };
  channel = await startChannel(settings);
});

interface Asked {
  readonly question: string;
  readonly schema?: object;
}

async function begin(...questions: readonly Asked[]): Promise<string> {
  return (await client.agents.send('test/asks', { data: questions })).id;
}

/** A task that has asked, and the mail about it. */
async function ask(...questions: readonly Asked[]): Promise<{ readonly id: string; readonly mail: ArrivedMail }> {
  const id = await begin(...questions);
  return { id, mail: await mailOf(questions[0]?.question ?? '') };
}

async function mailOf(words: string): Promise<ArrivedMail> {
  const [mail] = await world.about(words);
  if (mail === undefined) throw new Error('no mail');
  return mail;
}

const reply = (mail: ArrivedMail, how: Reply): Promise<number> => sendReply(port(), mail, how);
const ended = (id: string): Promise<Task> => client.tasks.settled(id);
const stateOf = async (id: string): Promise<string> => (await client.tasks.get(id)).status.state;

/** Resolves when the question of the task was delivered `times` to a channel that took it. */
async function delivered(taskId: string, times: number): Promise<string> {
  return until(
    async () => {
      const { deliveries } = await client.webhooks.deliveries({ taskId });
      const id = deliveries[0]?.id ?? '';
      const { attempts } = await client.webhooks.delivery(id);
      return attempts.filter(({ status }) => status === 204).length >= times && id;
    },
    { what: `${times} deliveries of task ${taskId}` },
  );
}

describe('a question', () => {
  it('arrives at whom it is for, once, and a reply as Gmail writes it answers it', async () => {
    const { id, mail } = await ask({
      question: 'Refund 40 EUR?',
      schema: { type: 'string', enum: ['approve', 'deny'] },
    });
    expect(mail).toMatchObject({ subject: 'Refund 40 EUR?', envelope: { to: ['ann@people.example'] } });
    expect(mail.text).toContain('Answer with one of: approve, deny.');
    expect(mail.text).toContain(`${server.url}/console/tasks/${id}`);
    const quoted = String(mail.text)
      .split('\n')
      .map((line) => `> ${line}`);
    const text = ['Approve!', '', 'On Mon, Mar 1, 2027 at 10:00 AM Continuo <agents@example.com>', 'wrote:', ...quoted];
    expect(await reply(mail, { text: text.join('\n') })).toBe(250);
    expect(answerOf(await ended(id))).toBe('["approve"]');
  });

  it('is mailed once, however often Continuo tells of it', async () => {
    const { id } = await ask({ question: 'Told twice?' });
    await client.webhooks.redeliver(await delivered(id, 1));
    await delivered(id, 2);
    expect(await world.about('Told twice?')).toHaveLength(1);
  });

  it('that is asked while the channel is dead is mailed when it lives again, however long that takes', async () => {
    await channel.kill('SIGKILL');
    const id = await begin({ question: 'Anybody there?' });
    const givenUp = async () =>
      (await client.webhooks.deliveries({ taskId: id, status: 'dead' })).deliveries.length > 0;
    await until(givenUp, { what: 'the delivery to be given up' });
    // As the server itself does when a receiver has been away for days.
    const webhookId = (await client.webhooks.list()).webhooks[0]?.id ?? '';
    await client.webhooks.pause(webhookId);
    channel = await forThisFile(() => startChannel(settings));
    const mail = await mailOf('Anybody there?');
    const { webhooks } = await client.webhooks.list();
    expect(webhooks).toMatchObject([{ id: webhookId, url: settings['MAIL_WEBHOOK_URL'] }]);

    // A channel that was killed after the mail, and before it could say so, sends it again: recognizably the same.
    await channel.kill('SIGKILL');
    channel = await forThisFile(() => startChannel(settings));
    await client.webhooks.redeliver(await delivered(id, 1));
    const [first, second] = await world.about('Anybody there?', 2);
    expect(second?.messageId).toBe(first?.messageId);
    expect(second?.replyTo?.text).toBe(first?.replyTo?.text);
    expect(await reply(mail, { text: 'Yes' })).toBe(250);
    expect(answerOf(await ended(id))).toBe('["Yes"]');
  });

  it('comes again as long as the mail server takes none', async () => {
    const before = world.refused;
    world.refuse(3);
    await ask({ question: 'Third time lucky?' });
    expect(world.refused - before).toBe(3);
    expect(await world.about('Third time lucky?')).toHaveLength(1);
  });

  it('of a task that another one has called is asked once, at the root', async () => {
    const { id } = await client.agents.send('test/delegates', { data: [{ question: 'Who asks?' }] });
    const mail = await mailOf('Who asks?');
    expect(mail.text).toContain('test/delegates');
    expect(await reply(mail, { text: 'You' })).toBe(250);
    expect(answerOf(await ended(id))).toBe('["You"]');
    expect(await world.about('Who asks?')).toHaveLength(1);
  });
});

describe('a reply', () => {
  it('that is delivered twice answers once, and nobody is told off', async () => {
    const { id, mail } = await ask({ question: 'First of two?' }, { question: 'Second of two?' });
    const answer = { text: 'one', messageId: '<one@people.example>' };
    expect(await reply(mail, answer)).toBe(250);
    const next = await mailOf('Second of two?');
    const before = world.mails.length;
    expect(await reply(mail, answer)).toBe(250);
    expect(await reply(next, { text: 'two' })).toBe(250);
    expect(answerOf(await ended(id))).toBe('["one","two"]');
    expect(world.mails).toHaveLength(before);
  });

  it('to a question that was answered is told so, and answers no other one', async () => {
    const { id, mail } = await ask({ question: 'Early?' }, { question: 'Later?' });
    await client.tasks.answer(id, 'from the console');
    await mailOf('Later?');
    expect(await reply(mail, { text: 'late', messageId: '<late@people.example>' })).toBe(250);
    const told = await mailOf('no longer waits');
    expect(told).toMatchObject({
      inReplyTo: '<late@people.example>',
      envelope: { from: '', to: ['ann@people.example'] },
    });
    expect(await stateOf(id)).toBe('TASK_STATE_INPUT_REQUIRED');
  });

  it('is refused while Continuo is away, so that its sender tries again, and taken then', async () => {
    const { id, mail } = await ask({ question: 'Still there?' });
    await server.kill('SIGKILL');
    const answer = { text: 'I am', messageId: '<patient@people.example>' };
    expect(await reply(mail, answer)).toBe(451);
    const { env } = server;
    server = await forThisFile(() => startServer({ entry, env }));
    expect(await reply(mail, answer)).toBe(250);
    expect(answerOf(await ended(id))).toBe('["I am"]');
  });

  it.each([
    ['boolean', { type: 'boolean' }, 'YES', '[true]'],
    ['a number', { type: 'integer' }, '42', '[42]'],
    ['a form', { type: 'object', properties: { city: { type: 'string' } } }, 'Berlin', '[{"city":"Berlin"}]'],
  ])('is understood as %s', async (what, schema, text, answer) => {
    const { id, mail } = await ask({ question: `Is it ${what}?`, schema });
    expect(await reply(mail, { html: `<p>${text}</p><blockquote>${mail.html || ''}</blockquote>` })).toBe(250);
    expect(answerOf(await ended(id))).toBe(answer);
  });

  it('that is no answer is told what is asked for, by this side and by the server', async () => {
    const { id, mail } = await ask({ question: 'How many?', schema: { type: 'integer', maximum: 10 } });
    expect(await reply(mail, { text: 'quite a few' })).toBe(250);
    const first = await mailOf('Please reply with a whole number');
    expect(await reply(first, { text: '11' })).toBe(250);
    const second = await mailOf('<= 10');
    expect(await reply(second, { text: '7' })).toBe(250);
    expect(answerOf(await ended(id))).toBe('[7]');
  });

  it.each([
    ['an out-of-office note', { headers: { 'Auto-Submitted': 'auto-replied' } }],
    ['a bounce', { sender: '' }],
    ['a mailing list', { headers: { Precedence: 'bulk' } }],
  ])('that is %s is ignored', async (what, how) => {
    const { id, mail } = await ask({ question: `Is it ${what}?` });
    const before = world.mails.length;
    expect(await reply(mail, { text: 'I am away.', ...how })).toBe(250);
    expect(await stateOf(id)).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(world.mails).toHaveLength(before);
  });

  it('to an address that was not given out is refused, and nothing is passed on to others', async () => {
    const { id, mail } = await ask({ question: 'Who are you?' });
    const address = String(mail.replyTo?.value[0]?.address);
    const forged = address.replace(/.(?=@)/, (last) => (last === '0' ? '1' : '0'));
    for (const to of [forged, 'ann@people.example', `reply+@replies.example.com`]) {
      expect(await reply(mail, { text: 'yes', to })).toBe(550);
    }
    expect(await stateOf(id)).toBe('TASK_STATE_INPUT_REQUIRED');
  });

  it('that is too large is refused', async () => {
    const { mail } = await ask({ question: 'How much?' });
    expect(await reply(mail, { text: 'much '.repeat(2_300_000) })).toBe(552);
  });
});

it('a delivery that the server has not signed is refused', async () => {
  const url = String(settings['MAIL_WEBHOOK_URL']);
  const body = JSON.stringify({ statusUpdate: { taskId: '1', status: { state: 'TASK_STATE_INPUT_REQUIRED' } } });
  const unsigned = await fetch(url, { method: 'POST', body });
  const badly = await fetch(url, { method: 'POST', body, headers: { 'continuo-jwt': 'a.b.c' } });
  expect([unsigned.status, badly.status]).toEqual([401, 401]);
});

it('its log has no addresses and no secrets', async () => {
  const { mail } = await ask({ question: 'What is logged?' });
  expect(await reply(mail, { text: 'Nothing of this' })).toBe(250);
  const lines = channel.output();
  expect(lines).toContain('was mailed');
  expect(lines).not.toMatch(/@|reply\+|Nothing of this|What is logged/);
  expect(lines).not.toContain(secret);
});

it('a channel that is told to stop ends in order', async () => {
  expect(await channel.kill('SIGTERM')).toBe(0);
});
