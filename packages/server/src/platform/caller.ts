/** Who makes a call: every row belongs to one, and every query is scoped by it. */

export interface Caller {
  readonly tenant: string;
  readonly owner: string;
}

/** The one user of the local mode (`CONTINUO_AUTH=none`), in the tenant that the call names. */
export function localCaller(tenant?: string): Caller {
  return { tenant: tenant === undefined || tenant === '' ? 'default' : tenant, owner: 'local' };
}
