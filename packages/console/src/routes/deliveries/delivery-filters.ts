/** Which deliveries are shown, as it stands in the address. */
import { saidInAddress } from '../said-in-address.js';

export const deliveryStatuses = ['pending', 'delivered', 'dead', 'dropped'] as const;

export interface DeliveryFilters {
  readonly status?: (typeof deliveryStatuses)[number] | undefined;
  /** The id of a webhook. */
  readonly endpoint?: string | undefined;
  readonly taskId?: string | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toDeliveryFilters(search: Readonly<Record<string, unknown>>): DeliveryFilters {
  return {
    status: deliveryStatuses.find((known) => known === search['status']),
    endpoint: saidInAddress(search['endpoint']),
    taskId: saidInAddress(search['taskId']),
  };
}
