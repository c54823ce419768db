/** Which part of a task is shown, as it stands in the address. */
import { saidInAddress } from '../said-in-address.js';

export const taskViews = [
  'trace',
  'events',
  'artifacts',
  'conversation',
  'children',
  'log',
  'deliveries',
  'protocol',
  'raw',
] as const;

export type TaskView = (typeof taskViews)[number];

export interface TaskViewSearch {
  /** Without it: the trace. */
  readonly view?: TaskView | undefined;
  /** What is selected in the trace. */
  readonly at?: string | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toTaskView(search: Readonly<Record<string, unknown>>): TaskViewSearch {
  // Of addresses that were kept.
  const said = search['view'] === 'timeline' ? 'events' : search['view'];
  return { view: taskViews.find((known) => known === said), at: saidInAddress(search['at']) };
}
