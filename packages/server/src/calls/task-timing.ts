/** When a task is to begin, and before which others: what a call says about it under the tasks extension. */
import { z } from 'zod';
import { time, wholeNumber } from '@continuo/agent/internal/platform/ranges.js';
import { saidInMetadata, type Metadata } from './tasks-metadata.js';

export const HIGHEST_PRIORITY = 1;
export const LOWEST_PRIORITY = 1000;

export const timingFields = {
  startAt: time
    .nullish()
    .transform((value) => value ?? undefined)
    .describe('The task does not begin before.'),
  priority: wholeNumber(HIGHEST_PRIORITY, LOWEST_PRIORITY)
    .nullish()
    .transform((value) => value ?? undefined)
    .describe('1 goes first. Default: 100.'),
};

const timingSchema = z.object(timingFields);

export interface TaskTiming {
  readonly startAt?: Date | undefined;
  readonly priority?: number | undefined;
}

/** What was asked for; what comes first wins. Throws INVALID_ARGUMENT, naming the field. */
export function timingOf(given: TaskTiming, message: Metadata, request: Metadata): TaskTiming {
  const said = [given, ...saidInMetadata(timingSchema, message, request)];
  return {
    startAt: said.find((timing) => timing.startAt !== undefined)?.startAt,
    priority: said.find((timing) => timing.priority !== undefined)?.priority,
  };
}
