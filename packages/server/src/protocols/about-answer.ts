/** What the metadata of an answer say of how it came about, as far as other protocols have a place for it. */
import { REASONING_EXTENSION } from '@continuo/agent/internal/agents/models/reasoning.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import type { Artifact } from '@continuo/agent/internal/tasks/task.js';

export interface AboutAnswer {
  /** The language model that wrote it. */
  readonly model: string | undefined;
  /** What the model thought before; never empty. */
  readonly reasoning: string | undefined;
}

export function aboutAnswer({ metadata }: Artifact): AboutAnswer {
  const { model, [REASONING_EXTENSION]: thought } = metadata ?? {};
  const reasoning = isObject(thought) && typeof thought['text'] === 'string' ? thought['text'] : undefined;
  return {
    model: typeof model === 'string' ? model : undefined,
    reasoning: reasoning === '' ? undefined : reasoning,
  };
}
