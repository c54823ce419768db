/** A session's messages as LangChain has them, and the answer in a graph's messages. */
import { AIMessage } from '@langchain/core/messages';
import { TerminalError } from '../../../platform/errors.js';
import { isObject } from '../../../platform/json-object.js';
import type { Message } from '../../../sessions/message.js';
import { sessionPrompt } from '../session-prompt.js';

/** A message in the form that LangGraph's `messages` take. */
interface GraphMessage {
  readonly role: string;
  readonly content: string | readonly object[];
}

/** What was said before, oldest first, then what is said now, with files that models of no provider read left out. */
export function toGraphMessages(history: readonly Message[], { parts }: Message): readonly GraphMessage[] {
  return sessionPrompt(history, parts).map(({ role, content }) => ({ role, content: toContent(content) }));
}

function toContent(content: string | readonly object[]): GraphMessage['content'] {
  if (typeof content === 'string') return content;
  const texts = content.map((part) => ('text' in part ? part.text : undefined));
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : content.map(toBlock);
}

function toBlock(part: object): object {
  const { type, data, mediaType, filename } = part as Readonly<Record<string, unknown>>;
  if (type !== 'file' || typeof mediaType !== 'string') return part;
  const kind = /^(image|audio)\//.exec(mediaType)?.[1] ?? 'file';
  const named = filename === undefined ? {} : { metadata: { filename } };
  return { type: kind, source_type: 'base64', mime_type: mediaType, data, ...named };
}

/** The text of the last message of a model. Throws TerminalError where there is none. */
export function answerIn(state: unknown): string {
  const messages: unknown = isObject(state) ? state['messages'] : undefined;
  const said = Array.isArray(messages) ? messages.filter((message) => AIMessage.isInstance(message)) : [];
  const text = said.findLast((message) => message.text !== '')?.text;
  if (text !== undefined) return text;
  throw new TerminalError(
    'The graph ended without an answer: its state has no message of a model with text in `messages`. Say by the option `output` what it answers.',
  );
}
