/** The steps of a task among its events, where they belong by their time. */
import type { TaskSteps } from '@continuo/client';
import type { TimelineEntry } from '../../tasks/task-log.js';

export interface StepEntry {
  readonly kind: 'step';
  readonly step: TaskSteps['steps'][number];
}

/** Both are oldest first; so is what comes of them. */
export function withSteps(
  timeline: readonly TimelineEntry[],
  steps: TaskSteps['steps'],
): readonly (TimelineEntry | StepEntry)[] {
  const all: (TimelineEntry | StepEntry)[] = [];
  let next = 0;
  for (const entry of timeline) {
    for (let step = steps[next]; step !== undefined && isBefore(step.endedAt, entry.at); step = steps[next]) {
      all.push({ kind: 'step', step });
      next += 1;
    }
    all.push(entry);
  }
  return [...all, ...steps.slice(next).map((step) => ({ kind: 'step' as const, step }))];
}

function isBefore(endedAt: string | null, at: string | undefined): boolean {
  return endedAt !== null && at !== undefined && Date.parse(endedAt) <= Date.parse(at);
}
