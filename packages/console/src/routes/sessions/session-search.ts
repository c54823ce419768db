/** Which sessions are shown, as it stands in the address. */
export interface SessionSearch {
  readonly q?: string | undefined;
}

export function toSessionSearch({ q }: Readonly<Record<string, unknown>>): SessionSearch {
  const said = typeof q === 'number' ? String(q) : q;
  return typeof said === 'string' && said !== '' ? { q: said } : {};
}
