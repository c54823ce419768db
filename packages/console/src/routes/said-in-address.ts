/** What an address says of one name. */

/** Undefined for what makes no sense. The router reads what looks like a number as one. */
export function saidInAddress(value: unknown): string | undefined {
  const said = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof said === 'string' && said !== '' ? said : undefined;
}
