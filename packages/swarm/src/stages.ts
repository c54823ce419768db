/** How far a campaign is: its stages, with the part of the whole that each makes up. */
import type { TaskContext } from '@continuo/agent';

const weights = {
  brief: 2,
  research: 8,
  strategy: 8,
  copy: 34,
  editing: 18,
  search: 8,
  compliance: 10,
  approval: 2,
  publishing: 10,
} as const;

export type Stage = keyof typeof weights;

const stages = Object.keys(weights) as Stage[];
const whole = stages.reduce((sum, stage) => sum + weights[stage], 0);

/** How much of the whole the stage makes up, from 0 to 1. */
export function shareOf(stage: Stage): number {
  return weights[stage] / whole;
}

/** Says that a stage begins; all before it count as done, whatever they took. */
export function enter(task: TaskContext, stage: Stage, what: string): Promise<void> {
  const before = stages.slice(0, stages.indexOf(stage)).reduce((sum, earlier) => sum + weights[earlier], 0);
  return task.progress(before / whole, what);
}
