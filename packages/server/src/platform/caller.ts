/** Who makes a call: every row belongs to one, and every query is scoped by it. */

export interface Caller {
  readonly tenant: string;
  readonly owner: string;
}

/** What a caller may do: read what is its own, change it and have agents work, manage the keys of its tenant. */
export const scopes = ['read', 'write', 'admin'] as const;

export type Scope = (typeof scopes)[number];

/** The one user of the local mode (`CONTINUO_AUTH=none`), in the tenant that the call names. */
export function localCaller(tenant?: string): Caller {
  return { tenant: tenant === undefined || tenant === '' ? 'default' : tenant, owner: 'local' };
}
