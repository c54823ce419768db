/** Asks a model, and asks again with less where it says what it won't take: so long a prompt, or a file in it. */
import type { ModelMessage } from 'ai';
import type { Clock } from '../../platform/clock.js';
import { cutResult } from '../tools/run-tool.js';
import { askModel, type ModelAnswer, type Question } from './ask-model.js';
import { learnsBridge } from './bridged-models.js';
import { filesInResults } from './files-in-results.js';
import { PromptTooLongError, RequestRefusedError } from './model-errors.js';
import { allowed, learnRoom, roomOf, tokensOfQuestion } from './prompt-room.js';
import { digestOf, looksBroken, mediaTypeOf, readsOf } from './readable-files.js';
import { learnsToolLimit } from './tool-limits.js';

/** Less of a session is none. */
const LEAST_HISTORY = 50;
/** Of the result of a tool, where there is no room for more: as later turns show it. */
const SHORT_RESULT = 4_000;

/** A question, and how much of it is the session. */
export interface Built {
  readonly question: Question;
  /** Tokens, estimated. */
  readonly historyTokens: number;
}

export interface Fitting {
  /** The question with at most so many tokens of the session; with none of it for 0. */
  readonly build: (historyTokens: number) => Promise<Built>;
  /** Of the session, in tokens, as it is configured. */
  readonly historyTokens: number;
  /** The files that the model has refused before. */
  readonly refused: {
    known(): Promise<ReadonlySet<string>>;
    remember(digests: readonly string[]): Promise<void>;
  };
}

/**
 * As `askModel`. A prompt that is too long is shown less of the session, then none of it and short results of tools, then
 * no files; one that is refused is asked without the files that may be the reason. What was refused is remembered.
 */
export async function askFitting(
  { build, historyTokens, refused }: Fitting,
  clock: Pick<Clock, 'sleep'>,
  write: (text: string) => Promise<void>,
): Promise<ModelAnswer> {
  let isWritten = false;
  const noted = async (text: string): Promise<void> => {
    isWritten = true;
    await write(text);
  };
  const size = new PromptSize(build, historyTokens);
  let built = await size.first();
  const files = filesIn(built.question);
  const known = files.length === 0 ? new Set<string>() : await refused.known();
  let dropped: readonly string[] = [];
  let refusal: RequestRefusedError | undefined;
  for (;;) {
    try {
      const answer = await askModel({ ...built.question, refused: new Set([...known, ...dropped]) }, clock, noted);
      if (dropped.length > 0) await refused.remember(dropped);
      size.learn(built);
      return answer;
    } catch (error) {
      if (isWritten) throw error;
      const sent = filesIn(built.question).filter(({ digest }) => !known.has(digest) && !dropped.includes(digest));
      if (error instanceof PromptTooLongError) {
        const smaller = await size.next(built, error);
        if (smaller !== undefined) built = smaller;
        else if (sent.length > 0) dropped = [...dropped, ...sent.map(({ digest }) => digest)];
        else throw tooLong(error, historyTokens);
      } else if (error instanceof RequestRefusedError) {
        const { model, tools = {} } = built.question;
        if (learnsBridge(model, error.message) || learnsToolLimit(model, tools, error.message)) continue;
        refusal ??= error;
        const suspects = suspectsOf(sent);
        if (suspects.length === 0) throw refusal;
        dropped = [...dropped, ...suspects.map(({ digest }) => digest)];
      } else throw error;
    }
  }
}

interface SentFile {
  readonly digest: string;
  /** It came with the message that is answered, or from a tool since. */
  readonly isNew: boolean;
  readonly looksBroken: boolean;
}

/** Those that the model is sent. */
function filesIn({ model, messages }: Question): readonly SentFile[] {
  const reads = readsOf(model);
  const last = messages.findLastIndex(({ role }) => role === 'user');
  return messages.flatMap((message, index): readonly SentFile[] => {
    const { role, content } = message;
    if (role === 'tool') {
      const sent = filesInResults(model, message);
      return sent.map((data) => ({ digest: digestOf(data), isNew: true, looksBroken: false }));
    }
    if (role !== 'user' || typeof content === 'string') return [];
    return content.flatMap((part) => {
      if (part.type !== 'file' || typeof part.data !== 'string') return [];
      const mediaType = mediaTypeOf(part.mediaType, part.data);
      if (!reads.has(mediaType)) return [];
      return [{ digest: digestOf(part.data), isNew: index === last, looksBroken: looksBroken(mediaType, part.data) }];
    });
  });
}

/** Those that can't be what they are called; else the new ones, as the others were taken before; else all. */
function suspectsOf(sent: readonly SentFile[]): readonly SentFile[] {
  const likely = [sent.filter((file) => file.looksBroken), sent.filter(({ isNew }) => isNew), sent];
  return likely.find(({ length }) => length > 0) ?? [];
}

/** How long the prompt is, and how it gets shorter. */
class PromptSize {
  /** Whether the session was left out, and results were cut. */
  #isLeast = false;
  #wasShortened = false;
  /** What prompts of this model may have, as far as it was said. */
  #always: number | undefined;

  constructor(
    private readonly build: Fitting['build'],
    private readonly historyTokens: number,
  ) {}

  async first(): Promise<Built> {
    const built = await this.build(this.historyTokens);
    const room = roomOf(built.question.model);
    if (room === undefined) return built;
    const over = tokensOfQuestion(built.question) - room;
    return over > 0 ? this.#shorter(built, over) : built;
  }

  /** The next that is shorter; undefined when there is none. */
  async next(built: Built, { length: { most, sent } }: PromptTooLongError): Promise<Built | undefined> {
    if (this.#isLeast) return undefined;
    const estimate = tokensOfQuestion(built.question);
    const may = most === undefined ? undefined : allowed(estimate, { most, ...(sent === undefined ? {} : { sent }) });
    this.#always = may?.always;
    const again = this.#wasShortened;
    this.#wasShortened = true;
    // A limit that is said once and not kept to is not known.
    const over = again ? built.historyTokens : may === undefined ? built.historyTokens / 2 : estimate - may.now;
    return this.#shorter(built, over);
  }

  /** What was taken after a refusal is what is known to be taken. */
  learn({ question }: Built): void {
    if (this.#wasShortened) learnRoom(question.model, this.#always ?? tokensOfQuestion(question));
  }

  async #shorter({ historyTokens }: Built, over: number): Promise<Built> {
    const left = Math.floor(historyTokens - Math.max(over, 1));
    if (left >= LEAST_HISTORY) return this.build(left);
    this.#isLeast = true;
    const { question, ...rest } = await this.build(0);
    return { ...rest, question: { ...question, messages: question.messages.map(withShortResults) } };
  }
}

function withShortResults(message: ModelMessage): ModelMessage {
  if (message.role !== 'tool') return message;
  const content = message.content.map((part) => {
    if (part.type !== 'tool-result' || !('value' in part.output) || part.output.type === 'content') return part;
    const { type, value } = part.output;
    const isError = type === 'error-text' || type === 'error-json';
    const short = cutResult({ output: value }, SHORT_RESULT);
    if ('error' in short || short.output === value) return part;
    return {
      ...part,
      output: { type: isError ? ('error-text' as const) : ('text' as const), value: String(short.output) },
    };
  });
  return { ...message, content };
}

function tooLong({ message, length }: PromptTooLongError, historyTokens: number): PromptTooLongError {
  const what =
    'What is said now, the system prompt, the tools and their results are too long for it, without anything of the session';
  return new PromptTooLongError(`${message} ${what} (CONTINUO_HISTORY_TOKENS, here ${historyTokens}).`, length);
}
