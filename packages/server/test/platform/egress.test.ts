/** Which addresses the server lets itself be sent to, judged when it connects: also when a name changes its mind. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AllowList } from '../../src/platform/egress/addresses.js';
import { Egress, type EgressOptions } from '../../src/platform/egress/egress.js';
import { afterThisTest } from '../support/outcome.js';
import { freePort } from '../support/server-process.js';
import { startReceiver } from '../support/webhook-receiver.js';

function egress(options: Partial<EgressOptions> = {}): Egress {
  const made = new Egress({ allow: [], local: false, ...options });
  afterThisTest(() => made.close());
  return made;
}

async function post(through: Egress, url: string): Promise<number> {
  const signal = new AbortController().signal;
  return (await through.post(url, { headers: {}, body: '{}', timeoutMs: 5_000, signal })).status;
}

const refused = [
  ['loopback', ['127.0.0.1', '127.9.9.9', '[::1]']],
  ['private', ['10.0.0.1', '172.16.3.4', '192.168.1.1', '[fd12:3456::1]', '[fec0::1]']],
  ['link-local and metadata', ['169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '168.63.129.16', '100.100.100.200']],
  ['shared', ['100.64.0.1']],
  ['multicast and broadcast', ['224.0.0.1', '239.255.255.250', '255.255.255.255', '[ff02::1]']],
  ['unspecified', ['0.0.0.0', '0.1.2.3', '[::]']],
  [
    'reserved and documentation',
    ['192.0.2.1', '198.51.100.1', '203.0.113.9', '198.18.0.1', '240.0.0.1', '192.0.0.192', '[2001:db8::1]'],
  ],
  [
    'forms that carry another address',
    [
      '[::ffff:10.0.0.1]',
      '[::ffff:8.8.8.8]',
      '[::7f00:1]',
      '[64:ff9b::a00:1]',
      '[64:ff9b:1::1]',
      '[2002:7f00:1::]',
      '[2001:0:7f00:1::]',
      '[::ffff:0:7f00:1]',
    ],
  ],
  ['other ways to write them', ['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '①②⑦.0.0.1']],
] as const;

describe.each(refused)('%s addresses', (_kind, hosts) => {
  it.each(hosts)('%s is refused, in a URL and when a name leads there', async (host) => {
    expect(() => egress().check(`https://${host}/hook`, 'url')).toThrow(/not a public address/);
    await expect(post(egress(), `https://${host}/hook`)).rejects.toThrow(/not a public address/);
    const address = new URL(`https://${host}`).hostname.replaceAll(/[[\]]/g, '');
    const named = egress({ resolve: async () => ['8.8.8.8', address] });
    await expect(post(named, 'https://hooks.example/hook')).rejects.toThrow(/not a public address/);
  });
});

it.each(['8.8.8.8', '1.1.1.1', '[2606:4700::1111]', 'hooks.example'])('%s is public', (host) => {
  expect(() => egress().check(`https://${host}/hook`, 'url')).not.toThrow();
});

it.each([
  ['http://hooks.example/', /only https/],
  ['ftp://hooks.example/', /only https/],
  ['https://me:secret@hooks.example/', /without a user name/],
  ['nonsense', /expected an https/],
])('%s is refused', (url, reason) => {
  expect(() => egress().check(url, 'url')).toThrow(reason);
});

it('allows loopback and plain HTTP to a server that serves its own machine alone, and nothing else', async () => {
  const { origin } = await startReceiver();
  const local = egress({ local: true });
  expect(await post(local, origin)).toBe(200);
  await expect(post(local, 'http://10.0.0.1/')).rejects.toThrow(/not a public address/);
  await expect(post(egress(), origin)).rejects.toThrow(/only https/);
});

it('allows what is listed: hosts, addresses and networks', async () => {
  const { origin } = await startReceiver();
  const port = new URL(origin).port;
  const options = { local: true, resolve: async () => ['10.1.2.3', '127.0.0.1'] };
  await expect(post(egress(options), `http://hooks.internal:${port}/`)).rejects.toThrow(
    'hooks.internal is not a public address',
  );
  expect(() => egress({ allow: ['10.1.0.0/16', 'fd00::5'] }).check('https://10.1.2.3/', 'url')).not.toThrow();
  expect(() => egress({ allow: ['10.1.0.0/16', 'fd00::5'] }).check('https://[fd00::5]/', 'url')).not.toThrow();
  expect(() => egress({ allow: ['10.1.0.0/16', 'fd00::5'] }).check('https://10.2.2.3/', 'url')).toThrow(/10\.2\.2\.3/);
  const listed = egress({ local: true, allow: ['hooks.internal'], resolve: async () => ['127.0.0.1'] });
  expect(await post(listed, `http://hooks.internal:${port}/`)).toBe(200);
  expect(() => new AllowList(['not a host!'])).toThrow(/neither a host name/);
});

it('may speak plain HTTP to what is listed, and to nothing else', async () => {
  const { origin } = await startReceiver();
  const plain = (allow: readonly string[]) =>
    egress({ plainToListed: true, allow, resolve: async () => ['127.0.0.1'] });
  const { port } = new URL(origin);
  expect(await post(plain(['127.0.0.0/8']), origin)).toBe(200);
  expect(await post(plain(['agents.internal']), `http://agents.internal:${port}/`)).toBe(200);
  await expect(post(plain(['10.0.0.0/8']), origin)).rejects.toThrow(/CONTINUO_WEBHOOK_ALLOW lists/);
  await expect(post(egress({ allow: ['127.0.0.1'] }), origin)).rejects.toThrow(/only https/);
});

it('connects to the address that it has judged, whatever the name says the next time', async () => {
  const receiver = await startReceiver();
  const { port } = new URL(receiver.origin);
  const answers = [['127.0.0.1'], ['10.0.0.1']];
  const asked: string[] = [];
  const rebinding = egress({
    local: true,
    resolve: async (host) => {
      asked.push(host);
      return answers[asked.length - 1] ?? [];
    },
  });
  expect(await post(rebinding, `http://rebinding.example:${port}/hook`)).toBe(200);
  expect(receiver.at('hook').received[0]?.headers.host).toBe(`rebinding.example:${port}`);
  expect(asked).toEqual(['rebinding.example']);
  await expect(post(rebinding, `http://rebinding.example:${Number(port) + 1}/hook`)).rejects.toThrow(
    'rebinding.example is not a public address (CONTINUO_WEBHOOK_ALLOW can list it)',
  );
});

it('never says to which address a name leads', async () => {
  const closed = await freePort();
  const named = (address: string, local: boolean) => egress({ local, resolve: async () => [address] });
  for (const [address, local] of [
    ['10.1.2.3', false],
    ['127.0.0.1', false],
    ['fd00::1', true],
    ['127.0.0.1', true],
  ] as const) {
    const error: unknown = await post(named(address, local), `https://inner.example:${closed}/`).catch(
      (e: unknown) => e,
    );
    expect(inspect(error)).toContain('inner.example');
    expect(inspect(error)).not.toContain(address);
  }
});

it('guards every redirect that fetch follows', async () => {
  const receiver = await startReceiver();
  receiver.at('start').next({ kind: 'status', status: 302, headers: { location: 'http://10.0.0.1/' } });
  await expect(egress({ local: true }).fetch(receiver.at('start').url)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('10.0.0.1 is not a public address') },
  });
});
