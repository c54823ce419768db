/** Which addresses the server may call by itself: public ones, and those that the operator has listed. */
import ipaddr from 'ipaddr.js';

/** In the range of public addresses, but answered by the host that a machine in Azure runs on. */
const METADATA = ['168.63.129.16'];
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

export type AddressKind = 'public' | 'loopback' | 'internal';

/**
 * `internal` is everything that isn't somebody's on the internet: private, link-local, shared, multicast, unspecified and
 * reserved ranges, cloud metadata, and IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo).
 */
export function addressKind(address: string): AddressKind {
  const parsed = ipaddr.parse(withoutZone(address));
  const range = parsed.range();
  if (range === 'loopback') return 'loopback';
  if (range !== 'unicast' || METADATA.includes(parsed.toString())) return 'internal';
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return 'internal';
  return 'public';
}

/** Hosts and networks that may be called whatever they are: `hooks.internal`, `10.1.0.0/16`, `fd00::5`. */
export class AllowList {
  readonly #hosts = new Set<string>();
  readonly #networks: (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[] = [];

  /** Throws for an entry that is neither a host nor a network. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      if (ipaddr.isValidCIDR(entry)) this.#networks.push(ipaddr.parseCIDR(entry));
      else if (ipaddr.isValid(entry)) this.#networks.push(toNetwork(entry));
      else if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(entry)) this.#hosts.add(entry.toLowerCase());
      else throw new Error(`${entry} is neither a host name, nor an address, nor a network like 10.1.0.0/16.`);
    }
  }

  hasHost(host: string): boolean {
    return this.#hosts.has(host.toLowerCase());
  }

  hasAddress(address: string): boolean {
    const parsed = ipaddr.parse(withoutZone(address));
    return this.#networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match([network, bits]));
  }
}

function toNetwork(address: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}
