/** What the log tells of the tools that a model uses, for whoever watches the task: bounded, and without secrets. */
import { boundedJson, type Hide } from '../../platform/shown.js';
import { TOOLS_EXTENSION } from '../../tasks/task.js';
import type { RunEvents } from '../run-events.js';
import type { TellTools, ToolUse } from './tell-tools.js';

/** Bytes, as JSON, of arguments and of a result; of more the beginning is told, as text. */
const MOST_BYTES = 16 * 1024;

/** In the metadata of a status update, under `TOOLS_EXTENSION`. */
export type ToldOfTools =
  | { readonly answer: string; readonly calls: readonly Required<ToldCall>[] }
  | { readonly result: ToldCall & ({ readonly output: unknown } | { readonly error: string }) };

export interface ToldCall {
  readonly id: string;
  readonly name: string;
  /** Not in the result of a call that was told before. */
  readonly arguments?: unknown;
}

export function tellTools(events: Pick<RunEvents, 'tell'>, hide: Hide | undefined): TellTools {
  const bounded = (value: unknown): unknown => boundedJson(value, MOST_BYTES, hide) ?? null;
  const tell = (told: ToldOfTools): void => {
    const metadata = { [TOOLS_EXTENSION]: told };
    events.tell('tools', told, () => ({ kind: 'statusUpdate', state: 'WORKING', metadata }));
  };
  return {
    calls: (answer, calls) => {
      const toTold = ({ id, name, input }: ToolUse) => ({ id, name, arguments: bounded(input) });
      if (calls.length > 0) tell({ answer, calls: calls.map(toTold) });
    },
    result: ({ id, name, input }, came) => {
      const call = { id, name, ...(input === undefined ? {} : { arguments: bounded(input) }) };
      const what = 'error' in came ? { error: String(bounded(came.error)) } : { output: bounded(came.output) };
      tell({ result: { ...call, ...what } });
    },
  };
}
