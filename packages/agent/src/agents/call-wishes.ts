/** What the call that made a task asked for beside its message, as the task's metadata keep it. */
import { z } from 'zod';
import { CALL_EXTENSION } from '../tasks/task.js';

const texts = z.array(z.string()).default([]).catch([]);
const wishes = z
  .object({ acceptedOutputModes: texts, extensions: texts })
  .catch({ acceptedOutputModes: [], extensions: [] });

export interface CallWishes {
  readonly acceptedOutputModes: readonly string[];
  readonly extensions: readonly string[];
}

/** Nothing of what isn't as we keep it: clients may write into metadata what they like. */
export function wishesIn(metadata: Readonly<Record<string, unknown>>): CallWishes {
  return wishes.parse(metadata[CALL_EXTENSION] ?? {});
}
