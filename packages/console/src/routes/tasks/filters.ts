/** Which tasks are shown and in which order, as it stands in the address. */
import { taskStates, type TaskState } from '@continuo/client/facts';
import { saidInAddress } from '../said-in-address.js';

export interface TaskFilters {
  readonly state?: TaskState | undefined;
  /** Only tasks that are held. */
  readonly held?: 'true' | undefined;
  readonly agent?: string | undefined;
  readonly q?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Oldest change first; else newest first. */
  readonly order?: 'asc' | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toTaskFilters(search: Readonly<Record<string, unknown>>): TaskFilters {
  const state = taskStates.find((known) => known === search['state']);
  const held = String(search['held']) === 'true' ? 'true' : undefined;
  const text = (name: string): string | undefined => saidInAddress(search[name]);
  const order = search['order'] === 'asc' ? 'asc' : undefined;
  return { state, held, agent: text('agent'), q: text('q'), sessionId: text('sessionId'), order };
}

export function isFiltered({ order: _order, ...filters }: TaskFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}
