/** Which tasks are shown, as it stands in the address. */
import { taskStates, type TaskState } from '../../tasks/task-facts.js';

export interface TaskFilters {
  readonly state?: TaskState | undefined;
  readonly agent?: string | undefined;
  readonly q?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** What an address says that makes no sense is left out. */
export function toTaskFilters(search: Readonly<Record<string, unknown>>): TaskFilters {
  const state = taskStates.find((known) => known === search['state']);
  const text = (name: string): string | undefined => {
    const value = search[name];
    // The router reads what looks like a number as one.
    const said = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    return typeof said === 'string' && said !== '' ? said : undefined;
  };
  const filters = { state, agent: text('agent'), q: text('q'), sessionId: text('sessionId') };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

export function isFiltered(filters: TaskFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}
