/** The addresses of host names that others choose: nobody's silent name server holds up the look-ups of anybody else. */
import { Resolver, lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** How long a name server may take for the first answer; the second gets twice as long. */
const ANSWER_MS = 1_500;
const TRIES = 2;
/** How long the operating system may take, with those that it is asked before. */
const SYSTEM_MS = 5_000;

export interface NamesOptions {
  /** `address:port` each. Default: what the operating system asks. */
  readonly servers?: readonly string[];
  /** Default: that of the operating system. */
  readonly hostsFile?: string;
}

/**
 * In the order of most systems: the hosts file, name servers, then whatever else the operating system knows (search domains,
 * mDNS). Its own function waits for name servers in one of two threads that the whole process has for that, and nothing
 * breaks that off: so it is asked only what name servers don't know, one name at a time.
 */
export class Names {
  readonly #resolver = new Resolver({ timeout: ANSWER_MS, tries: TRIES });
  readonly #hostsFile: string;
  /** Settles when the operating system may be asked for the next name. */
  #system: Promise<unknown> = Promise.resolve();

  constructor({ servers, hostsFile = '/etc/hosts' }: NamesOptions = {}) {
    if (servers !== undefined) this.#resolver.setServers(servers);
    this.#hostsFile = hostsFile;
  }

  /** All addresses of `host`, at least one. Throws an error that names the host, within seconds. */
  async addresses(host: string): Promise<readonly string[]> {
    const name = host.toLowerCase().replace(/\.$/, '');
    const listed = await this.#listed(name);
    if (listed.length > 0) return listed;
    if (!name.includes('.') || name.endsWith('.localhost')) return this.#ask(host);
    const answers = await Promise.allSettled([this.#resolver.resolve4(name), this.#resolver.resolve6(name)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    if (answers.some((answer) => answer.status === 'rejected' && isTimeout(answer.reason))) {
      throw timeout(`No name server answered for ${host} in time.`);
    }
    return this.#ask(host);
  }

  /** In the file of hosts. */
  async #listed(name: string): Promise<readonly string[]> {
    const text = await readFile(this.#hostsFile, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      return isIP(address) > 0 && names.some((known) => known.toLowerCase() === name) ? [address] : [];
    });
  }

  /** What the operating system says: one name after the other, those that nobody waits for any more not at all. */
  async #ask(host: string): Promise<readonly string[]> {
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    const found = this.#system.then(() => (isLate ? [] : lookup(host, { all: true })));
    this.#system = found.catch(() => undefined);
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(timeout(`The name ${host} was not looked up in time.`));
      }, SYSTEM_MS);
    });
    try {
      return (await Promise.race([found, late])).map(({ address }) => address);
    } finally {
      clearTimeout(timer);
    }
  }
}

function timeout(message: string): Error {
  return Object.assign(new Error(message), { code: 'ETIMEOUT' });
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETIMEOUT';
}
