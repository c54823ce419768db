/** The mails that people get, and nothing of how they are sent. */
import { createHash } from 'node:crypto';
import { expectedBy } from './answer-from-text.js';
import type { Question } from './question.js';
import { MARKER } from './written-text.js';

/** What nodemailer sends. Subjects and names are one line: nothing in them can become a header. */
export interface Mail {
  readonly to: string;
  readonly replyTo?: string;
  readonly subject: string;
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly text: string;
  readonly html?: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Asking {
  readonly recipient: string;
  readonly replyTo: string;
  /** What the ids of our mails end with. */
  readonly domain: string;
  /** Of the task's page. */
  readonly link: string;
}

const MOST_SUBJECT = 120;
const MOST_TEXT = 50_000;
/** So that nobody's autoresponder answers (RFC 3834, section 5; the second is Exchange's). */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** The same mail for the same question and recipient, whenever it is made: a repetition has the same Message-ID. */
export function questionMail(question: Question, { recipient, replyTo, domain, link }: Asking): Mail {
  const { taskId, questionId, agent, title, expiresAt } = question;
  const text = cut(question.text, MOST_TEXT);
  const expected = expectedBy(question.schema);
  const how = [
    ...(expected === undefined ? [] : [`Answer with ${expected}.`]),
    ...(expiresAt === undefined ? [] : [`You have until ${new Date(expiresAt).toUTCString()}.`]),
    'Reply to this mail to answer, or open the task:',
  ].join(' ');
  const about = title === agent ? agent : `${agent}, ${oneLine(title)}`;
  return {
    to: recipient,
    replyTo,
    subject: cut(oneLine(text) || oneLine(title), MOST_SUBJECT),
    messageId: `<${taskId}.${hash(questionId, recipient)}@${domain}>`,
    // All questions of a task are one conversation.
    references: `<${taskId}@${domain}>`,
    text: [`## ${MARKER} ##`, `${about}:`, text, `${how}\n${link}`].join('\n\n'),
    html: [
      `<p style="color:#777">## ${MARKER} ##</p>`,
      `<p>${escaped(about)}:</p>`,
      `<div style="white-space:pre-wrap">${escaped(text)}</div>`,
      `<p>${escaped(how)} <a href="${escaped(link)}">${escaped(link)}</a></p>`,
    ].join('\n'),
    headers: AUTOMATIC,
  };
}

/** Why a reply was not taken, to the person who was asked: what only they can mend, by replying to this mail. */
export function refusalMail(
  reason: string,
  { recipient, replyTo, domain, link, reply }: Asking & { readonly reply: Reply },
): Mail {
  const known = /^<[^<>\s]+>$/.test(reply.messageId) ? { inReplyTo: reply.messageId, references: reply.messageId } : {};
  return {
    to: recipient,
    replyTo,
    subject: cut(`Re: ${oneLine(reply.subject).replace(/^re:\s*/i, '')}`, MOST_SUBJECT),
    messageId: `<refused.${hash(reply.messageId, recipient)}@${domain}>`,
    ...known,
    text: [`## ${MARKER} ##`, `Your answer was not taken. ${reason}`, link].join('\n\n'),
    headers: { ...AUTOMATIC, 'Auto-Submitted': 'auto-replied' },
  };
}

/** Of a reply, what the mail about it needs. */
export interface Reply {
  readonly messageId: string;
  readonly subject: string;
}

/** The same for the same texts. */
export function hash(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** Never inside of a character. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
