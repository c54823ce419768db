/** One turn of a model: it is asked, the tools that it wants are run, and it is asked again, until it has answered. */
import type { ModelMessage } from 'ai';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.js';
import { TerminalError } from '../../platform/errors.js';
import type { Part } from '../../sessions/message.js';
import type { TaskContext } from '../task-context.js';
import { runTool, toResultPart, type ToolBox } from '../tools/run-tool.js';
import { callsToRemember, resultToRemember, type Remembered } from '../tools/tool-memory.js';
import type { ModelAnswer, TokenUsage } from './ask-model.js';
import { cutShort } from './finish-reasons.js';
import { modelStep } from './model-step.js';
import type { SaidBy } from './repeated.js';
import { readStructured } from './structured.js';

export interface Turn<Value> {
  readonly task: TaskContext;
  readonly clock: Pick<Clock, 'sleep'>;
  /** `provider/model id`, for messages. */
  readonly model: string;
  /** Of the first step; further ones are numbered. */
  readonly name: string;
  readonly tools: ToolBox;
  /** How often the model may be asked before it has to have answered. */
  readonly maxRounds: number;
  readonly schema?: z.ZodType<Value>;
  /** Keeps what later turns are to know of the tools, if anything. */
  readonly remember: (kind: Remembered, parts: readonly Part[]) => Promise<void>;
  /** One call of the model. `before`: its earlier rounds; `added`: what comes behind the prompt now. */
  readonly ask: (added: readonly ModelMessage[], before: SoFar, signal: AbortSignal) => Promise<ModelAnswer>;
}

/** What the model said in earlier rounds, and what they cost. */
export interface SoFar {
  readonly said: string;
  readonly reasoning: string;
  readonly usage: TokenUsage;
  /** Who said what comes behind the prompt. */
  readonly by: SaidBy;
}

export interface TurnAnswer<Value> {
  /** All that the model said, its rounds apart by a blank line. */
  readonly text: string;
  /** Only with a schema. */
  readonly object?: Value;
  /** What the model thought in all rounds; empty when its provider doesn't tell. */
  readonly reasoning: string;
  /** The one that answered last, as `provider/model id`. */
  readonly model: string;
  readonly finishReason: string;
  /** Summed over the rounds. */
  readonly usage: TokenUsage;
}

/** Turns of each name that a run of a task has begun: in every run the same, as one has ended before the next begins. */
const turns = new WeakMap<TaskContext, Map<string, number>>();

/** Tells a turn from others of the same name. */
function placeOfTurn({ task, name }: Pick<Turn<unknown>, 'task' | 'name'>): string {
  const begun = turns.get(task) ?? new Map<string, number>();
  const number = (begun.get(name) ?? 0) + 1;
  turns.set(task, begun.set(name, number));
  return number === 1 ? name : `${name} (${number})`;
}

/**
 * Each call of the model and of a tool is a step of its own, in an order that the answers alone decide. Throws
 * StepFailedError, and TerminalError when the model doesn't come to an end or doesn't keep to the schema.
 */
export async function converse<Value>(turn: Turn<Value>): Promise<TurnAnswer<Value>> {
  const { task, tools, schema } = turn;
  const place = placeOfTurn(turn);
  const added: ModelMessage[] = [];
  const by = new Map<ModelMessage, string>();
  let said = '';
  let reasoning = '';
  let usage: TokenUsage = {};
  let corrected = false;
  for (let round = 1; round <= turn.maxRounds + (corrected ? 1 : 0); round += 1) {
    const name = round === 1 ? turn.name : `${turn.name} ${round}`;
    const before = { said, reasoning, usage, by };
    const placeOf = (index: number): string => `${place}:${round}:${index}`;
    const answer = await modelStep(task, turn.clock, name, async (signal) => {
      const given = await turn.ask([...added], before, signal);
      const parts = callsToRemember(given.calls, placeOf);
      // Before they run: if the task ends meanwhile, the next turn knows that they may have taken effect.
      if (parts.length > 0) await turn.remember('calls', parts);
      return given;
    });
    const { text, calls, finishReason, model = turn.model } = answer;
    usage = sum(usage, answer.usage);
    said = joined(said, text);
    reasoning = joined(reasoning, answer.reasoning ?? '');
    if (calls.length > 0) {
      for (const message of answer.turn) {
        added.push(message);
        by.set(message, model);
      }
      for (const [index, call] of calls.entries()) {
        const own = placeOf(index);
        const result = await runTool(task, tools, call, own, (came) =>
          turn.remember('result', resultToRemember(call, own, came)),
        );
        added.push({ role: 'tool', content: [toResultPart(call, result)] });
      }
      continue;
    }
    if (schema === undefined) return { text: said, reasoning, model, finishReason, usage };
    const read = await readStructured(text, schema);
    if ('value' in read) return { text, object: read.value, reasoning, model, finishReason, usage };
    if (corrected) {
      throw new TerminalError(
        `The language model ${turn.model} did not answer in the form that was asked for: ${[read.problem, cutShort(finishReason)].filter(Boolean).join(' ')}`,
      );
    }
    corrected = true;
    added.push(
      { role: 'assistant', content: text },
      {
        role: 'user',
        content: `This doesn't fit what was asked for:\n${read.problem}\nGive the whole JSON value again.`,
      },
    );
  }
  throw new TerminalError(
    `The language model ${turn.model} wanted tools ${turn.maxRounds} times and gave no answer; gave up.`,
  );
}

/** Words of another round begin a paragraph. */
export function joined(before: string, text: string): string {
  return before === '' || text === '' ? before + text : `${before}\n\n${text}`;
}

const COUNTS = [
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'reasoningTokens',
] as const satisfies readonly (keyof TokenUsage)[];

export function sum(one: TokenUsage, other: TokenUsage): TokenUsage {
  return Object.fromEntries(
    COUNTS.flatMap((key) => {
      const known = [one[key], other[key]].filter((count) => count !== undefined);
      return known.length === 0 ? [] : [[key, known.reduce((total, count) => total + count)]];
    }),
  );
}
