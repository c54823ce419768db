/** How many requests are under way at once, of one owner, of one tenant and of all: whose receivers are slow leaves room for others. */

interface Waiting {
  readonly tenant: string | undefined;
  readonly enter: () => void;
}

export class Places {
  /** Of owners and tenants. */
  readonly #taken = new Map<string, number>();
  #all = 0;
  /** Who waits, by owner; the owner whose turn it is stands first. */
  readonly #waiting = new Map<string, Waiting[]>();
  /** So many places are left to others for each that an owner has, and one for each that a tenant has. */
  readonly #besideOwner: number;

  /** An owner who is alone has `mostOfOne`, a tenant who is alone no more than half of all. */
  constructor(
    private readonly mostOfOne: number,
    private readonly most: number,
  ) {
    this.#besideOwner = Math.max(0, most / mostOfOne - 2);
  }

  /** Resolves when there is a place, which is taken until the function that it answers with is called. */
  async enter(owner: string, tenant?: string): Promise<() => void> {
    if (this.#hasRoom(owner, tenant)) this.#count(owner, tenant, 1);
    else {
      await new Promise<void>((enter) => {
        const before = this.#waiting.get(owner);
        if (before === undefined) this.#waiting.set(owner, [{ tenant, enter }]);
        else before.push({ tenant, enter });
      });
    }
    let inside = true;
    return () => {
      if (inside) this.#leave(owner, tenant);
      inside = false;
    };
  }

  /** The more somebody has, the more must be free: who has nothing finds the last place. */
  #hasRoom(owner: string, tenant: string | undefined): boolean {
    const free = this.most - this.#all;
    const ofOwner = this.#taken.get(ownerKey(owner)) ?? 0;
    const ofTenant = tenant === undefined ? 0 : (this.#taken.get(tenantKey(tenant)) ?? 0);
    return ofOwner < this.mostOfOne && ofOwner * this.#besideOwner + ofTenant < free;
  }

  #count(owner: string, tenant: string | undefined, more: 1 | -1): void {
    this.#all += more;
    const keys = tenant === undefined ? [ownerKey(owner)] : [ownerKey(owner), tenantKey(tenant)];
    for (const key of keys) {
      const now = (this.#taken.get(key) ?? 0) + more;
      if (now === 0) this.#taken.delete(key);
      else this.#taken.set(key, now);
    }
  }

  #leave(owner: string, tenant: string | undefined): void {
    this.#count(owner, tenant, -1);
    // One place more may be room for several: each may have more when more is free.
    while (this.#next());
  }

  /** Gives a place to the first owner in line who may have one, who stands last then; whether there was one. */
  #next(): boolean {
    for (const [owner, waiting] of this.#waiting) {
      const [first] = waiting;
      if (first === undefined || !this.#hasRoom(owner, first.tenant)) continue;
      waiting.shift();
      this.#waiting.delete(owner);
      if (waiting.length > 0) this.#waiting.set(owner, waiting);
      this.#count(owner, first.tenant, 1);
      first.enter();
      return true;
    }
    return false;
  }
}

const ownerKey = (owner: string): string => `owner ${owner}`;
const tenantKey = (tenant: string): string => `tenant ${tenant}`;
