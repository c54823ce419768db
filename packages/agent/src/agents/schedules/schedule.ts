/** A schedule of an agent: `@A2AAgent({ schedules })`, checked, and the times at which it starts a task. */
import { Cron } from 'croner';
import { z } from 'zod';
import { messageOf } from '../../platform/errors.js';
import { partSchema } from '../../sessions/message.js';

const EXAMPLE = 'minute, hour, day of month, month and day of week, as in "0 9 * * 1-5"';

const scheduleSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and dashes'),
    /** Five fields, or six with seconds before them. */
    cron: z.string().min(1),
    /** What the agent is told at each tick: text, or parts as A2A writes them. */
    message: z.union([z.string().min(1), z.array(partSchema).min(1)]),
    /** IANA name. Default UTC. */
    timezone: z.string().min(1).default('UTC'),
  })
  .check((context) => {
    const { cron, timezone } = context.value;
    const issue = (field: string, message: string): void => {
      context.issues.push({ code: 'custom', input: context.value, path: [field], message });
    };
    if (!isTimezone(timezone)) issue('timezone', 'expected an IANA time zone, as in "Europe/Berlin"');
    else issueOfCron(cron, timezone, (problem) => issue('cron', `expected ${EXAMPLE}: ${problem}`));
  });

export const schedulesSchema = z
  .array(scheduleSchema)
  .refine((schedules) => new Set(schedules.map(({ name }) => name)).size === schedules.length, {
    error: 'expected a name of its own for each schedule',
  });

export type Schedule = Readonly<z.output<typeof scheduleSchema>>;

/** The first tick after `after`; undefined when there is none. */
export function nextTick({ cron, timezone }: Schedule, after: Date): Date | undefined {
  return new Cron(cron, { timezone }).nextRun(after) ?? undefined;
}

/** The last tick at or before `now`, if it is after `last`: ticks before it are left out. */
export function dueTick({ cron, timezone }: Schedule, last: Date, now: Date): Date | undefined {
  const pattern = new Cron(cron, { timezone });
  const next = pattern.nextRun(last);
  if (next === null || next > now) return undefined;
  const [latest = next] = pattern.previousRuns(1, new Date(now.getTime() + 1));
  return latest > next ? latest : next;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}

function issueOfCron(cron: string, timezone: string, report: (problem: string) => void): void {
  try {
    if (new Cron(cron, { timezone }).nextRun() === null) report('it never comes');
  } catch (error) {
    report(messageOf(error));
  }
}
