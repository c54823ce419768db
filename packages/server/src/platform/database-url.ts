/** Reads the address of a database: one server or, as libpq has it, several of which one takes writes. */

/** One PostgreSQL server of the address. */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  /** The address with this server alone. */
  readonly url: string;
  /** For messages: without user and password. */
  readonly where: string;
}

export interface DatabaseAddress {
  readonly servers: readonly DatabaseServer[];
  readonly database: string;
  /** As it is written there. */
  readonly password: string;
}

const USUAL_PORT = 5432;
const FORM = /^(postgres(?:ql)?:\/\/)(?:([^/?#]*)@)?([^/?#]*)(.*)$/s;
/** What is read here and means nothing to a single connection. */
const ABOUT_SEVERAL = ['target_session_attrs', 'load_balance_hosts'];
export const DATABASE_FORM =
  'a URL that begins with postgres:// or postgresql://, with one host or several: postgres://user@host1:5432,host2:5432/database';

/** Throws when it is none, saying what is wrong with it, and never what it holds. */
export function readDatabaseUrl(value: string): DatabaseAddress {
  const [, scheme = '', user, hosts = '', rest = ''] = FORM.exec(value) ?? [];
  if (scheme === '') throw new Error(`It is not ${DATABASE_FORM}.`);
  const alone = (host: string): URL => {
    const url = `${scheme}${user === undefined ? '' : `${user}@`}${host}${rest}`;
    if (!URL.canParse(url)) throw new Error('One of its hosts is not written as host or host:port.');
    return new URL(url);
  };
  const named = hosts.split(',');
  if (named.length > 1 && named.includes('')) throw new Error('One of its hosts is empty.');
  const servers = named.flatMap((host) => inQuery(alone(host)));
  const [first] = servers;
  if (first === undefined) throw new Error(`It is not ${DATABASE_FORM}.`);
  const { pathname, password } = new URL(first.url);
  return { servers, database: pathname.slice(1), password };
}

/** What `target_session_attrs` asks for; undefined when it is left out. */
export function targetOf(value: string): string | undefined {
  return new URLSearchParams(/\?([^#]*)/.exec(value)?.[1] ?? '').get('target_session_attrs') ?? undefined;
}

/** Hosts and ports may stand behind the question mark as well. */
function inQuery(url: URL): readonly DatabaseServer[] {
  for (const name of ABOUT_SEVERAL) url.searchParams.delete(name);
  const hosts = url.searchParams.get('host')?.split(',') ?? [];
  const ports = url.searchParams.get('port')?.split(',') ?? [];
  if (hosts.length < 2) return [serverOf(url, hosts[0], ports[0])];
  if (ports.length > 1 && ports.length !== hosts.length) {
    throw new Error('It has as many ports as hosts, or one for all of them.');
  }
  return hosts.map((host, index) => {
    const one = new URL(url);
    one.searchParams.set('host', host);
    const port = ports[ports.length > 1 ? index : 0];
    if (port !== undefined) one.searchParams.set('port', port);
    return serverOf(one, host, port);
  });
}

function serverOf(url: URL, host?: string, port?: string): DatabaseServer {
  const name = host ?? decodeURIComponent(url.hostname.replace(/^\[(.+)\]$/, '$1'));
  const at = port ?? url.port;
  const shown = host ?? url.hostname;
  return {
    host: name === '' ? 'localhost' : name,
    port: at === '' ? USUAL_PORT : Number(at),
    url: url.href,
    where: `${shown}:${at || USUAL_PORT}`,
  };
}
