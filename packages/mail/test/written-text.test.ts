/** What is new in replies as mail programs make them. */
import { expect, it } from 'vitest';
import { MARKER, writtenText } from '../src/written-text.js';

const from = 'agents@example.com';
const question = [`## ${MARKER} ##`, '', 'test/asks, Refund:', '', 'Refund 40 EUR?', '', 'Reply to this mail.'];
const quoted = question.map((line) => `> ${line}`.trimEnd());
const outlook = [
  'From: Continuo <agents@example.com>',
  'Sent: Monday, March 1, 2027 10:00',
  'To: Ann',
  'Subject: Refund',
];

const replies: Readonly<Record<string, readonly string[]>> = {
  'plain text': ['Yes, please.', 'All of it.'],
  Gmail: [
    'Yes, please.',
    'All of it.',
    '',
    'On Mon, Mar 1, 2027 at 10:00 AM Continuo <agents@example.com> wrote:',
    '',
    ...quoted,
  ],
  'Gmail, wrapped': [
    'Yes, please.',
    'All of it.',
    '',
    'On Mon, Mar 1, 2027 at 10:00 AM Continuo',
    '<agents@example.com> wrote:',
    '',
    ...quoted,
  ],
  'Gmail, wrapped later': [
    'Yes, please.',
    'All of it.',
    '',
    'On Mon, Mar 1, 2027 at 10:00 AM Continuo <agents@example.com>',
    'wrote:',
    '',
    ...quoted,
  ],
  'Gmail in German': [
    'Yes, please.',
    'All of it.',
    '',
    'Am Mo., 1. März 2027 um 10:00 Uhr schrieb Continuo <',
    'agents@example.com>:',
    '',
    ...quoted,
  ],
  'Apple Mail': [
    'Yes, please.',
    'All of it.',
    '',
    '> On 1. Mar 2027, at 10:00, Continuo <agents@example.com> wrote:',
    '>',
    ...quoted,
  ],
  'an iPhone': [
    'Yes, please.',
    'All of it.',
    '',
    'Sent from my iPhone',
    '',
    '> On 1. Mar 2027, at 10:00, Continuo <agents@example.com> wrote:',
    ...quoted,
  ],
  Outlook: [
    'Yes, please.',
    'All of it.',
    '',
    'Get Outlook for iOS<https://aka.ms/o0ukef>',
    '________________________________',
    ...outlook,
    '',
    ...question,
  ],
  'Outlook, older': ['Yes, please.', 'All of it.', '', '-----Original Message-----', ...outlook, '', ...question],
  'Outlook in German': [
    'Yes, please.',
    'All of it.',
    '',
    'Von: Continuo <agents@example.com>',
    'Gesendet: Montag, 1. März 2027 10:00',
    '',
    ...question,
  ],
  'Outlook without the mark': ['Yes, please.', 'All of it.', '', ...outlook, '', 'Refund 40 EUR?'],
  'a signature': ['Yes, please.', 'All of it.', '', '-- ', 'Ann Example', 'Head of Refunds'],
  'below the quotation': [
    'On Mon, 1 Mar 2027 at 10:00, Continuo <agents@example.com> wrote:',
    ...quoted,
    '',
    'Yes, please.',
    'All of it.',
  ],
  'below the quotation, wrapped': [
    'On Mon, 1 Mar 2027 at 10:00, Continuo <agents@example.com>',
    'wrote:',
    '',
    ...quoted,
    '',
    'Yes, please.',
    'All of it.',
    '',
    '-- ',
    'Ann',
  ],
};

it.each(Object.entries(replies))('%s', (_, lines) => {
  for (const end of ['\n', '\r\n']) expect(writtenText(lines.join(end), from)).toBe('Yes, please.\nAll of it.');
});

it('what people write about mails stays', () => {
  const text = 'Sent from the warehouse yesterday.\n\nWrite to agents@example.com about it, at 10:30 or 2027.';
  expect(writtenText(text, from)).toBe(text);
});

it('a reply in which nothing is new is empty, whether it quotes or not', () => {
  expect(writtenText(['', ...outlook, '', ...question].join('\n'), from)).toBe('');
  expect(writtenText(['On Monday Continuo <agents@example.com> wrote:', ...quoted].join('\n'), from)).toBe('');
});

it('a long row of dashes holds nobody up', () => {
  const text = `${'-'.repeat(3_000)}a`;
  expect(writtenText(text, from)).toBe(text);
}, 2_000);
