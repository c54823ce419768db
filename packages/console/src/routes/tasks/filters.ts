/** Which tasks are shown and in which order, as it stands in the address. */
import { taskStates, type TaskState } from '@continuo/client/facts';
import { saidInAddress } from '../said-in-address.js';

export const lastTimes = ['hour', 'day', 'week'] as const;

type LastTime = (typeof lastTimes)[number];

const HOUR_MS = 3_600_000;
const lasts: Readonly<Record<LastTime, number>> = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };

export interface TaskFilters {
  readonly state?: TaskState | undefined;
  /** Only tasks that are held. */
  readonly held?: 'true' | undefined;
  readonly agent?: string | undefined;
  readonly q?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Also tasks that other tasks have called. */
  readonly children?: true | undefined;
  /** Changed within the last hour, 24 hours or 7 days; else between `from` and `to`, both ISO 8601. */
  readonly last?: LastTime | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Oldest change first; else newest first. */
  readonly order?: 'asc' | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toTaskFilters(search: Readonly<Record<string, unknown>>): TaskFilters {
  const state = taskStates.find((known) => known === search['state']);
  const flag = (name: string): 'true' | undefined => (String(search[name]) === 'true' ? 'true' : undefined);
  const text = (name: string): string | undefined => saidInAddress(search[name]);
  const last = lastTimes.find((known) => known === search['last']);
  return {
    state,
    held: flag('held'),
    agent: text('agent'),
    q: text('q'),
    sessionId: text('sessionId'),
    children: flag('children') === undefined ? undefined : true,
    last,
    from: last === undefined ? momentIn(search['from']) : undefined,
    to: last === undefined ? momentIn(search['to']) : undefined,
    order: search['order'] === 'asc' ? 'asc' : undefined,
  };
}

/** Whether fewer tasks are shown than the list has by itself. */
export function isFiltered({ order: _order, children: _children, ...filters }: TaskFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

/** As the API asks for them; "the last hour" is that before `now`. */
export function toTaskQuery(filters: TaskFilters, now = Date.now()) {
  const { held, children, last, from, to, order: _order, ...rest } = filters;
  return {
    ...rest,
    held: held === 'true' ? true : undefined,
    topLevel: children === true ? undefined : true,
    statusTimestampAfter: last === undefined ? from : new Date(now - lasts[last]).toISOString(),
    statusTimestampBefore: to,
  };
}

function momentIn(value: unknown): string | undefined {
  const at = typeof value === 'string' ? new Date(value) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
