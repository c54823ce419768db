/** Addresses that are answered to: nobody makes one up, and mail servers can carry them. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ReplyAddresses } from '../src/reply-address.js';

const secret = 'a'.repeat(32);
const recipients = ['ann@example.com', 'Bob@example.com'];
const addresses = new ReplyAddresses({ domain: 'replies.example.com', secret, recipients });
const taskId = '0190e2c4-1b2d-7c3e-8f40-5a6b7c8d9e0f';
const address = addresses.of({ taskId, questionId: 'question', recipient: 'bob@example.com' });

it('an address says which question of which task was sent to whom', () => {
  const read = addresses.read(address);
  expect(read).toMatchObject({ taskId, recipient: 'Bob@example.com' });
  expect([read?.isQuestion('question'), read?.isQuestion('another')]).toEqual([true, false]);
});

it('an address fits into what SMTP allows, and survives servers that change its case', () => {
  expect(address.split('@')[0]).toHaveLength(64);
  expect(addresses.read(address.toUpperCase())?.taskId).toBe(taskId);
});

it('ids that begin with zeros, or are all ones, are found again', () => {
  const odd = ['00000000-0000-7000-8000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  for (const id of [...odd, ...Array.from({ length: 200 }, () => randomUUID())]) {
    const own = addresses.of({ taskId: id, questionId: id, recipient: 'ann@example.com' });
    expect(addresses.read(own)?.taskId).toBe(id);
  }
});

it('a change of any character makes it worthless', () => {
  const [local = '', domain] = address.split('@');
  const others = Array.from(
    local,
    (digit, at) => `${local.slice(0, at)}${digit === '0' ? '1' : '0'}${local.slice(at + 1)}`,
  );
  expect(others.filter((other) => addresses.read(`${other}@${domain}`) !== undefined)).toEqual([]);
});

it.each([
  `reply+@replies.example.com`,
  `reply+${'v'.repeat(58)}@replies.example.com`,
  `reply+${'0'.repeat(58)}@replies.example.com`,
  `ann@replies.example.com`,
  address.replace('replies.', 'other.'),
  `${address}@evil.example`,
  '',
])('%s is none', (other) => {
  expect(addresses.read(other)).toBeUndefined();
});

it('another secret, and somebody who is asked no more, make it worthless', () => {
  const domain = 'replies.example.com';
  const read = (options: object) => new ReplyAddresses({ domain, secret, recipients, ...options }).read(address);
  expect(read({})).toBeDefined();
  expect(read({ secret: 'b'.repeat(32) })).toBeUndefined();
  expect(read({ recipients: ['ann@example.com'] })).toBeUndefined();
});

it('a secret that could be guessed is refused', () => {
  expect(() => new ReplyAddresses({ domain: 'example.com', secret: 'short', recipients })).toThrow(/32 characters/);
});
