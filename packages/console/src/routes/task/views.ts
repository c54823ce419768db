/** Which part of a task is shown, as it stands in the address. */
export const taskViews = ['timeline', 'artifacts', 'conversation', 'children', 'deliveries', 'raw'] as const;

export type TaskView = (typeof taskViews)[number];

export interface TaskViewSearch {
  readonly view?: TaskView | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toTaskView(search: Readonly<Record<string, unknown>>): TaskViewSearch {
  return { view: taskViews.find((known) => known === search['view']) };
}
