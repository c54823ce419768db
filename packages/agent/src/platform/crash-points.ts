/** Named places between the commits of each write path, at which a chaos run has a process kill itself. */

export const crashPoints = [
  'task-opened',
  'task-claimed',
  'events-appended',
  'answer-stored',
  'task-canceled',
  'task-retried',
  'step-worked',
  'step-recorded',
  'child-opened',
  'input-asked',
  'task-ended',
  'lost-declared',
  'task-resumed',
  'endpoint-claimed',
  'webhook-posted',
  'webhook-recorded',
] as const;

export type CrashPoint = (typeof crashPoints)[number];

let armed: CrashPoint | undefined;
let passingsLeft = 0;

/** `<point>:<n>`: the process dies when it passes the point for the n-th time. Undefined: it never does. */
export function armCrashPoint(setting: string | undefined): void {
  const [name, passings] = setting?.split(':') ?? [];
  armed = crashPoints.find((point) => point === name);
  passingsLeft = Number(passings ?? 0);
}

/** Nothing at all, unless this point is armed. */
export function crashPoint(name: CrashPoint): void {
  if (armed !== name) return;
  passingsLeft -= 1;
  // As if the power had gone: nothing is flushed, nobody is told.
  if (passingsLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
