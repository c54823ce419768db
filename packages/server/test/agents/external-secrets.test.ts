/** What a remote agent repeats of the headers that it was sent is shown to nobody, however it writes it. */
import { expect, it } from 'vitest';
import { NoAnswer, RemoteFault, RemoteRefusal, toRemoteError } from '../../src/agents/external/remote-errors.js';

const key = String.raw`odd"sec\ret/val+1.*`;
const headers = {
  authorization: 'Bearer token-1234',
  'x-key': key,
  'proxy-authorization': `Basic ${Buffer.from('ada:swordfish').toString('base64')}`,
};
const once = JSON.stringify({ key, token: 'token-1234' });

it.each([
  ['as they are', `Bearer token-1234 ${key}`],
  ['in JSON', once],
  ['in JSON in JSON', JSON.stringify({ detail: once })],
  ['with slashes escaped', once.replaceAll('/', String.raw`\/`)],
  ['in an address', `https://a.example/?k=${encodeURIComponent(key)}&t=${encodeURIComponent('Bearer token-1234')}`],
  ['as user and password', 'wrong password for ada:swordfish'],
  ['as the password alone', 'wrong password: swordfish'],
])('%s', (_, text) => {
  for (const error of [new RemoteFault(text), new NoAnswer(text), new RemoteRefusal('X', text), new Error(text)]) {
    const { message } = toRemoteError(error, headers);
    expect(message).toContain('(hidden)');
    expect(message).not.toMatch(/token-1234|odd|sec|ret|val|swordfish/);
  }
});
