/** A turn as OpenAI's response: its events, numbered from 0, and the response that they make. A function of the log alone. */
import type { ClientCall } from '@continuo/agent/internal/agents/tools/client-tools.js';
import type { Said, Settled } from '../said.js';
import { createdAt } from './created-at.js';
import { responseId, type ResponseTurn } from './response-id.js';
import { failureOf } from './failures.js';
import { BoundedText } from './bounded-text.js';
import type { Wishes } from './wishes.js';
import { Written, type WrittenOptions, type WrittenPiece } from './written.js';

/** Tokens, as OpenAI counts them. */
export interface ResponseUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly [];
  readonly logprobs: readonly [];
}

interface OutputMessage {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly status: 'in_progress' | 'completed' | 'incomplete';
  readonly content: readonly OutputText[];
}

interface FunctionCall {
  readonly id: string;
  readonly type: 'function_call';
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: 'in_progress' | 'completed';
}

export interface ResponseEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly [name: string]: unknown;
}

/** Reads a turn, and says what each step of it is to a client of responses. */
export class ResponseEvents {
  readonly #id: string;
  readonly #written: Written;
  readonly #bounded: BoundedText;
  readonly #output: (OutputMessage | FunctionCall)[] = [];
  #text: string[] = [];
  /** The item that is being written has not all of its text. */
  #isCut = false;
  #number = 0;
  #end: Settled | undefined;

  constructor(
    private readonly turn: ResponseTurn & { readonly agent: string; readonly wishes: Wishes },
    options: WrittenOptions,
  ) {
    this.#bounded = new BoundedText({ mostTokens: turn.wishes.maxOutputTokens });
    this.#id = responseId(turn);
    this.#written = new Written(options);
  }

  *begin(): Generator<ResponseEvent, void> {
    yield this.#event('response.created', { response: this.response() });
    yield this.#event('response.in_progress', { response: this.response() });
  }

  of(said: Said): readonly ResponseEvent[] {
    return [...this.#eventsOf(said)];
  }

  *#eventsOf(said: Said): Generator<ResponseEvent, void> {
    const failure = said.kind === 'settled' ? failureOf(said) : undefined;
    const piece = failure === undefined ? this.#pieceOf(said) : undefined;
    if (piece?.anew === true) yield* this.#closeItem();
    if (piece?.anew === true) yield* this.#openItem();
    if (piece !== undefined) {
      this.#text.push(piece.text);
      this.#isCut = this.#isBounded || (said.kind === 'text' && this.#written.isCut);
      yield this.#event('response.output_text.delta', { delta: piece.text, logprobs: [], ...this.#place });
    }
    if (said.kind !== 'settled') return;
    yield* this.#closeItem();
    for (const call of said.calls) yield* this.#call(call);
    this.#end = said;
  }

  #pieceOf(said: Said): WrittenPiece | undefined {
    const piece = this.#written.of(said);
    const text = this.#bounded.of(piece?.text ?? '');
    return piece === undefined || text === '' ? undefined : { ...piece, text };
  }

  /** It has as much as its client wanted, and would have more. */
  get #isBounded(): boolean {
    return this.#bounded.end !== undefined;
  }

  /** The last event; nothing before the turn is over. */
  *end(usage: ResponseUsage): Generator<ResponseEvent, void> {
    if (this.#end === undefined) return;
    const status = this.#statusOf(this.#end);
    yield this.#event(`response.${status === 'cancelled' ? 'failed' : status}`, { response: this.response(usage) });
  }

  /** As it is after what was read so far. */
  response(usage?: ResponseUsage) {
    const { agent, taskId, wishes } = this.turn;
    const failure = this.#end === undefined ? undefined : failureOf(this.#end);
    const open = this.#openMessage();
    const status = this.#end === undefined ? 'in_progress' : this.#statusOf(this.#end);
    return {
      id: this.#id,
      object: 'response',
      created_at: createdAt(taskId),
      status,
      background: wishes.background,
      error: failure === undefined ? null : { code: 'server_error', message: failure.error.message },
      incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
      instructions: null,
      max_output_tokens: wishes.maxOutputTokens ?? null,
      metadata: wishes.metadata,
      model: agent,
      output: open === undefined ? this.#output : [...this.#output, open],
      parallel_tool_calls: false,
      previous_response_id: wishes.previousResponseId ?? null,
      store: wishes.store,
      temperature: null,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      top_p: null,
      truncation: 'disabled',
      usage: usage ?? null,
    };
  }

  #statusOf(end: Settled): 'completed' | 'incomplete' | 'failed' | 'cancelled' {
    if (end.state === 'CANCELED') return 'cancelled';
    if (failureOf(end) !== undefined) return 'failed';
    return (this.#isBounded || this.#written.isCut) && end.calls.length === 0 ? 'incomplete' : 'completed';
  }

  get #place() {
    return { item_id: this.#itemId, output_index: this.#output.length, content_index: 0 };
  }

  get #itemId(): string {
    return `msg_${this.#itemName}`;
  }

  get #itemName(): string {
    return `${this.#id.slice('resp_'.length)}_${this.#output.length}`;
  }

  *#call({ id: call_id, name, arguments: given }: ClientCall): Generator<ResponseEvent, void> {
    const id = `fc_${this.#itemName}`;
    const place = { output_index: this.#output.length };
    const text = JSON.stringify(given);
    const item: FunctionCall = { id, type: 'function_call', call_id, name, arguments: text, status: 'completed' };
    const begun: FunctionCall = { ...item, arguments: '', status: 'in_progress' };
    yield this.#event('response.output_item.added', { ...place, item: begun });
    yield this.#event('response.function_call_arguments.delta', { ...place, item_id: id, delta: text });
    yield this.#event('response.function_call_arguments.done', { ...place, item_id: id, name, arguments: text });
    yield this.#event('response.output_item.done', { ...place, item });
    this.#output.push(item);
  }

  *#openItem(): Generator<ResponseEvent, void> {
    const item: OutputMessage = { ...this.#message('in_progress'), content: [] };
    yield this.#event('response.output_item.added', { output_index: this.#output.length, item });
    yield this.#event('response.content_part.added', { ...this.#place, part: toPart('') });
  }

  *#closeItem(): Generator<ResponseEvent, void> {
    if (this.#text.length === 0) return;
    const item = this.#message(this.#isCut ? 'incomplete' : 'completed');
    const text = this.#text.join('');
    yield this.#event('response.output_text.done', { ...this.#place, text, logprobs: [] });
    yield this.#event('response.content_part.done', { ...this.#place, part: toPart(text) });
    yield this.#event('response.output_item.done', { output_index: this.#output.length, item });
    this.#output.push(item);
    this.#text = [];
  }

  #openMessage(): OutputMessage | undefined {
    return this.#text.length === 0 ? undefined : this.#message('in_progress');
  }

  #message(status: OutputMessage['status']): OutputMessage {
    const content = [toPart(this.#text.join(''))];
    return { id: this.#itemId, type: 'message', role: 'assistant', status, content };
  }

  #event(type: string, members: object): ResponseEvent {
    const event = { type, sequence_number: this.#number, ...members };
    this.#number += 1;
    return event;
  }
}

function toPart(text: string): OutputText {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}
