/** Mails as they go over the wire: nothing that an agent or a person says becomes a header. */
import { createTransport } from 'nodemailer';
import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';
import { questionMail, refusalMail, type Mail } from '../src/mails.js';

const asking = {
  recipient: 'ann@example.com',
  replyTo: 'reply+abc@replies.example.com',
  domain: 'replies.example.com',
  link: 'https://agents.example.com/console/tasks/1',
};
const question = {
  taskId: '0190e2c4-1b2d-7c3e-8f40-5a6b7c8d9e0f',
  questionId: 'question',
  agent: 'test/asks\r\nBcc: evil@example.com',
  title: 'Refund\nX-Injected: 1',
  text: 'Refund <b>40</b> EUR?\r\nBcc: evil@example.com\r\n\r\nbody',
  schema: { type: 'boolean' },
  expiresAt: '2027-03-01T10:00:00.000Z',
};

async function sent(mail: Mail) {
  const transport = createTransport({ streamTransport: true, buffer: true });
  const { message, envelope } = await transport.sendMail({ from: 'Continuo <agents@example.com>', ...mail });
  return { envelope, parsed: await simpleParser(message) };
}

it('a question has all that is needed to answer it', async () => {
  const { parsed } = await sent(questionMail(question, asking));
  expect(parsed.text).toContain('Refund <b>40</b> EUR?');
  expect(parsed.text).toContain('Answer with yes or no. You have until Mon, 01 Mar 2027 10:00:00 GMT.');
  expect(parsed.text).toContain(asking.link);
  expect(parsed.html).toContain('Refund &lt;b&gt;40&lt;/b&gt; EUR?');
  expect(parsed.replyTo?.text).toBe(asking.replyTo);
  expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
});

it('line breaks in what agents say make no headers and no recipients', async () => {
  const { parsed, envelope } = await sent(questionMail(question, asking));
  expect(envelope.to).toEqual(['ann@example.com']);
  expect([...parsed.headers.keys()]).not.toContain('bcc');
  expect([...parsed.headers.keys()]).not.toContain('x-injected');
  expect(parsed.subject).toBe('Refund <b>40</b> EUR? Bcc: evil@example.com body');
});

it('the same question to the same person is the same mail', () => {
  expect(questionMail(question, asking).messageId).toBe(questionMail(question, asking).messageId);
  const others = [
    questionMail({ ...question, questionId: 'another' }, asking),
    questionMail(question, { ...asking, recipient: 'bob@example.com' }),
  ];
  for (const { messageId } of others) expect(messageId).not.toBe(questionMail(question, asking).messageId);
});

it('a mail about a reply belongs to its conversation, whatever stands in the reply', async () => {
  const reply = { messageId: '<1@people.example>', subject: 'Re: Refund\r\nBcc: evil@example.com' };
  const { parsed, envelope } = await sent(refusalMail('Too late.', { ...asking, reply }));
  expect(parsed).toMatchObject({ inReplyTo: '<1@people.example>', subject: 'Re: Refund Bcc: evil@example.com' });
  expect(envelope.to).toEqual(['ann@example.com']);
  const odd = { ...reply, messageId: '<1>\r\nBcc: <evil@example.com>' };
  expect((await sent(refusalMail('Too late.', { ...asking, reply: odd }))).parsed.inReplyTo).toBeUndefined();
});
