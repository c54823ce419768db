/** Calls of tools that the agent runs itself, as the log tells of them: each shown once in a turn, with one result. */
import type { ToldCall, ToldOfTools } from '@continuo/agent/internal/agents/tools/told-tools.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { progressOf } from '@continuo/agent/internal/tasks/task-event.js';
import { TOOLS_EXTENSION, type StreamResponse } from '@continuo/agent/internal/tasks/task.js';

/** `id`: the call's own, whatever the task. */
export type ShownTool =
  | {
      readonly kind: 'call';
      readonly seq: number;
      readonly id: string;
      readonly name: string;
      readonly arguments: unknown;
    }
  | { readonly kind: 'result'; readonly seq: number; readonly id: string; readonly came: Came };

/** JSON; what was too large for the log is the beginning of its text. */
export type Came = { readonly output: unknown } | { readonly error: string };

interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
  /** The model's. */
  readonly answer: string | undefined;
  isShown: boolean;
  hasResult: boolean;
}

type AnyTold = Partial<
  Extract<ToldOfTools, { readonly calls: unknown }> & Extract<ToldOfTools, { readonly result: unknown }>
>;

const NOT_RUN = 'It was not run: the language model was asked again.';

export class ShownTools {
  /** The latest, by what the log calls them. */
  readonly #calls = new Map<string, Call>();

  constructor(private readonly taskId: string) {}

  /** The call whose result it tells, where the turn has not told of it: an earlier one may have. */
  unknownCall(response: StreamResponse): string | undefined {
    const { result } = toldIn(response) ?? {};
    return result === undefined || 'arguments' in result || this.#calls.has(result.id) ? undefined : result.id;
  }

  /** What an earlier turn has told, with the event `seq`: its calls are shown again when they have a result. */
  recall({ told, seq }: { readonly told: unknown; readonly seq: number }): void {
    const { calls, answer } = isObject(told) ? (told as AnyTold) : {};
    for (const [index, call] of (calls ?? []).entries()) {
      if (!this.#calls.has(call.id)) this.#add(call, { seq, index, answer });
    }
  }

  *of(response: StreamResponse, seq: number): Generator<ShownTool, void> {
    // Another attempt makes its calls anew.
    if (progressOf(response)?.attempt !== undefined) this.#calls.clear();
    const { calls, answer, result } = toldIn(response) ?? {};
    if (calls !== undefined) yield* this.#giveUp(answer, seq);
    for (const [index, call] of (calls ?? []).entries())
      yield* this.#show(this.#add(call, { seq, index, answer }), seq);
    if (result === undefined) return;
    const call = this.#calls.get(result.id) ?? this.#add(result, { seq, index: 0 });
    // Of a call that was done again, as its process died before its result was kept, the first was shown.
    if (call.hasResult) return;
    yield* this.#show(call, seq);
    call.hasResult = true;
    const came = 'error' in result ? { error: result.error } : { output: result.output };
    yield { kind: 'result', seq, id: call.id, came };
  }

  /** A crash came between what the model had said and its end: it was asked again. */
  *#giveUp(answer: string | undefined, seq: number): Generator<ShownTool, void> {
    for (const [id, call] of this.#calls) {
      if (call.answer !== answer || call.hasResult) continue;
      this.#calls.delete(id);
      if (call.isShown) yield { kind: 'result', seq, id: call.id, came: { error: NOT_RUN } };
    }
  }

  #add(
    { id, name, arguments: given }: ToldCall,
    { seq, index, answer }: { readonly seq: number; readonly index: number; readonly answer?: string | undefined },
  ): Call {
    const own = `tool_${this.taskId}_${seq}_${index}`;
    const call = { id: own, name, arguments: given ?? null, answer, isShown: false, hasResult: false };
    this.#calls.set(id, call);
    return call;
  }

  *#show(call: Call, seq: number): Generator<ShownTool, void> {
    if (call.isShown) return;
    call.isShown = true;
    yield { kind: 'call', seq, id: call.id, name: call.name, arguments: call.arguments };
  }
}

function toldIn(response: StreamResponse): AnyTold | undefined {
  const told = 'statusUpdate' in response ? response.statusUpdate.metadata?.[TOOLS_EXTENSION] : undefined;
  return isObject(told) ? told : undefined;
}
