/** One turn of a model: it is asked, the tools that it wants are run, and it is asked again, until it has answered. */
import type { ModelMessage } from 'ai';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.js';
import { TerminalError } from '../../platform/errors.js';
import { isNothing } from '../../platform/text.js';
import type { Part } from '../../sessions/message.js';
import { currentRun } from '../run-scope.js';
import type { TokenUsage } from '../spending.js';
import type { TaskContext } from '../task-context.js';
import { ruled } from '../tools/ruling.js';
import { runCalls } from '../tools/run-calls.js';
import { toResultPart, type ToolBox } from '../tools/run-tool.js';
import { callsToRemember, resultToRemember, type Remembered } from '../tools/tool-memory.js';
import type { ModelAnswer } from './ask-model.js';
import { cutShort } from './finish-reasons.js';
import { modelStep } from './model-step.js';
import { reasoningMetadata } from './reasoning.js';
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
  /** How many of the tools that it wants at once run at the same time. */
  readonly maxToolsAtOnce: number;
  /** How often the model may be asked before it has to answer without tools. */
  readonly maxRounds: number;
  readonly schema?: z.ZodType<Value>;
  /** Keeps what later turns are to know of the tools, if anything. */
  readonly remember: (kind: Remembered, parts: readonly Part[]) => Promise<void>;
  /** One call of the model. */
  readonly ask: (round: Round, signal: AbortSignal) => Promise<ModelAnswer>;
}

/** One time that the model is asked. */
export interface Round {
  /** What comes behind the prompt now. */
  readonly added: readonly ModelMessage[];
  /** What its earlier rounds were. */
  readonly before: SoFar;
  /** Whether it may use tools. */
  readonly mayUseTools: boolean;
  /** Whether it may say nothing. */
  readonly mayBeEmpty: boolean;
  /** What the turn answers, if this ends it. */
  readonly answerWith: (answer: ModelAnswer) => Answer | undefined;
}

/** What the model said in earlier rounds, and what they cost. */
export interface SoFar {
  readonly said: string;
  readonly reasoning: string;
  readonly usage: TokenUsage;
  /** Who said what comes behind the prompt. */
  readonly by: SaidBy;
}

/**
 * What ended a turn that the model itself didn't end: `max-rounds`, as it wanted tools too often, or `nothing-to-add`, as it
 * said nothing at all.
 */
export type EndedBy = 'max-rounds' | 'nothing-to-add';

interface Answer {
  /** All that the model said, its rounds apart by a blank line. */
  readonly text: string;
  readonly endedBy?: EndedBy;
}

export interface TurnAnswer<Value> extends Answer {
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

const CLOSING =
  'No more tools can be used for this message. Answer it now with what is known so far, and say what is still missing.';
const SAY_SOMETHING = 'Your answer was empty. Say in a sentence or two what came of this, for the one who asked.';
const NOTHING_TO_ADD = 'The tools have run; the language model had nothing to add.';

/** Tells a turn from others of the same name. */
function placeOfTurn({ task, name }: Pick<Turn<unknown>, 'task' | 'name'>): string {
  const begun = turns.get(task) ?? new Map<string, number>();
  const number = (begun.get(name) ?? 0) + 1;
  turns.set(task, begun.set(name, number));
  return number === 1 ? name : `${name} (${number})`;
}

/**
 * Each call of the model and of a tool is a step of its own; those of tools that the model wants in one answer run side by
 * side. After the last round it is asked once more, without tools. Once tools have run, an answer of nothing fails nothing:
 * what it said before counts, or it is asked again, in other words. Throws StepFailedError, and TerminalError when the model
 * doesn't keep to the schema.
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
  let askedToSpeak = false;
  let closed = false;
  for (let round = 1; ; round += 1) {
    const name = round === 1 ? turn.name : `${turn.name} ${round}`;
    const before = { said, reasoning, usage, by };
    const placeOf = (index: number): string => `${place}:${round}:${index}`;
    const hasUsedTools = added.some(({ role }) => role === 'tool');
    const mayUseTools = !closed;
    const answerWith = (answer: ModelAnswer): Answer | undefined => {
      if (mayUseTools && answer.calls.length > 0) return undefined;
      const all = joined(before.said, wordsOf(answer));
      if (all !== '' || schema !== undefined) return { text: all, ...(mayUseTools ? {} : { endedBy: 'max-rounds' }) };
      return askedToSpeak ? { text: NOTHING_TO_ADD, endedBy: 'nothing-to-add' } : undefined;
    };
    const about = { added: [...added], before, mayUseTools, mayBeEmpty: hasUsedTools, answerWith };
    const answer = await modelStep(task, turn.clock, name, async (signal) => {
      const given = await turn.ask(about, signal);
      if (!mayUseTools || given.calls.length === 0) return { ...given, calls: [], turn: [] };
      const known = await tools.all();
      const calls = await Promise.all(given.calls.map((call) => ruled(known, call, { task, signal })));
      // Before they run: if the task ends meanwhile, the next turn knows that they may have taken effect.
      await turn.remember('calls', callsToRemember(calls, placeOf));
      const free = calls.flatMap(({ name: tool, input, ruling }, index) =>
        ruling === undefined ? [{ id: placeOf(index), name: tool, input }] : [],
      );
      currentRun()?.tools?.calls(`${place}:${round}`, free);
      return { ...given, calls };
    });
    const { finishReason, model = turn.model } = answer;
    const text = wordsOf(answer);
    const calls = mayUseTools ? answer.calls : [];
    usage = sum(usage, answer.usage);
    said = joined(said, text);
    reasoning = joined(reasoning, answer.reasoning ?? '');
    if (calls.length > 0) {
      const results = await runCalls({
        task,
        tools,
        name,
        calls,
        placeOf,
        most: turn.maxToolsAtOnce,
        done: async (call, own, came) => {
          await turn.remember('result', resultToRemember(call, own, came));
          const { name: tool, input, ruling } = call;
          const use = { id: own, name: tool, ...(ruling === undefined ? {} : { input }) };
          if (ruling !== 'client') currentRun()?.tools?.result(use, came);
        },
      });
      const came = calls.flatMap((call, index) => {
        const result = results[index];
        return result === undefined ? [] : [toResultPart(call, result)];
      });
      for (const message of [...answer.turn, { role: 'tool' as const, content: came }]) {
        added.push(message);
        by.set(message, model);
      }
      closed = round >= turn.maxRounds;
      if (closed) added.push({ role: 'user', content: CLOSING });
      continue;
    }
    const ending = answerWith(answer);
    if (ending === undefined) {
      askedToSpeak = true;
      added.push({ role: 'user', content: SAY_SOMETHING });
      continue;
    }
    const known = { ...ending, reasoning, model, finishReason, usage };
    if (schema === undefined) return known;
    const read = await readStructured(text, schema);
    if ('value' in read) return { ...known, text, object: read.value };
    if (corrected) {
      throw new TerminalError(
        `The language model ${turn.model} did not answer in the form that was asked for: ${[read.problem, cutShort(finishReason)].filter(Boolean).join(' ')}`,
      );
    }
    corrected = true;
    if (text !== '') added.push({ role: 'assistant', content: text });
    added.push({
      role: 'user',
      content: `This doesn't fit what was asked for:\n${read.problem}\nGive the whole JSON value again.`,
    });
  }
}

/** White space is nothing. */
function wordsOf({ text }: Pick<ModelAnswer, 'text'>): string {
  return isNothing(text) ? '' : text;
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

/** What is said of an answer beside it. */
export function metadataOf(about: Omit<TurnAnswer<unknown>, 'text' | 'object'>) {
  const { model, finishReason, usage, reasoning, endedBy } = about;
  const stopped = endedBy === undefined ? {} : { endedBy };
  return { model, finishReason, usage, ...stopped, ...reasoningMetadata(reasoning) };
}
