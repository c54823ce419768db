/** An event of a task, as programs in the same process see it. */
import type { StreamResponse } from '@continuo/agent/internal/tasks/task.js';

/** As A2A streams it, one of `task`, `statusUpdate` and `artifactUpdate`; `seq` counts the task's events from 1. */
export type TaskEvent = StreamResponse & { readonly seq: number };
