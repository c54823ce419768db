/** Which deliveries are shown, as it stands in the address. */
export const deliveryStatuses = ['pending', 'delivered', 'dead', 'dropped'] as const;

export interface DeliveryFilters {
  readonly status?: (typeof deliveryStatuses)[number] | undefined;
  /** The id of a webhook. */
  readonly endpoint?: string | undefined;
  readonly taskId?: string | undefined;
}

/** What an address says that makes no sense is left out. */
export function toDeliveryFilters(search: Readonly<Record<string, unknown>>): DeliveryFilters {
  const text = (name: string): string | undefined => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const filters = {
    status: deliveryStatuses.find((known) => known === search['status']),
    endpoint: text('endpoint'),
    taskId: text('taskId'),
  };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}
