/** Which part of a task is shown, as it stands in the address. */
export const taskViews = ['timeline', 'artifacts', 'conversation', 'children', 'deliveries', 'raw'] as const;

export type TaskView = (typeof taskViews)[number];

export interface TaskViewSearch {
  readonly view?: TaskView | undefined;
}

export function toTaskView(search: Readonly<Record<string, unknown>>): TaskViewSearch {
  const view = taskViews.find((known) => known === search['view']);
  return view === undefined ? {} : { view };
}
