/** Makes a prompt one that its model takes, whatever a session holds: each provider refuses the whole for one odd item. */
import type { AssistantContent, ModelMessage, ToolCallPart, ToolResultPart, UserContent } from 'ai';
import { isObject, wellFormedJson } from '../../platform/json-object.js';
import { cut, isNothing, wellFormed } from '../../platform/text.js';
import { MOST_OF_A_NAME, nameOfFile } from './file-names.js';
import { mediaTypeOf, type Reads } from './readable-files.js';

/** What a model is like that is shown a prompt. */
export interface Reader {
  readonly reads: Reads;
  /** Whether it wants an answer between the result of a tool and the next user. */
  readonly bridged: boolean;
  /** Whether messages of one side that follow each other stay apart: no provider takes them so, the offline model does. */
  readonly apart: boolean;
  /** Whether it has refused the file before; base64. */
  readonly hasRefused: (base64: string) => boolean;
}

type UserPart = Exclude<UserContent, string>[number];
type AssistantPart = Exclude<AssistantContent, string>[number];

type Turn =
  | { readonly role: 'user'; readonly content: readonly UserPart[] }
  | { readonly role: 'assistant'; readonly content: readonly AssistantPart[] }
  | { readonly role: 'tool'; readonly content: readonly ToolResultPart[] };

const UNANSWERED = 'This call has no result yet. Whether it took effect is not known.';
/** Said of a file of the message that is answered. */
const UNREADABLE = 'you see only its name, as you cannot read such files';
/** What providers take as the name of a tool. */
const MOST_OF_A_TOOLS_NAME = 64;
const NO_OUTPUT = '(nothing)';
/** What stands for an answer that was not given. */
const NO_ANSWER = '(No answer was given.)';
export const NOTHING_SAID = '(The message is empty.)';

/**
 * The same turns, in which the user begins and has the last word, speaks in turn with the model, and every call of a tool
 * has its one result right behind it. Texts are well-formed and not empty, arguments are objects, names of tools may be
 * such, and files that the model doesn't read are named.
 */
export function legalPrompt(messages: readonly ModelMessage[], reader: Reader): ModelMessage[] {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const clean = messages.flatMap((message, index) => cleaned(message, reader, index === last));
  const turns = merged(paired(clean), reader);
  return turns.map(({ role, content }) => ({ role, content: [...content] }) as ModelMessage);
}

/** None where nothing is left of it. */
function cleaned(message: ModelMessage, reader: Reader, isNow: boolean): readonly Turn[] {
  const turn = cleanTurn(message, reader, isNow);
  return turn === undefined || turn.content.length === 0 ? [] : [turn];
}

function cleanTurn(message: ModelMessage, reader: Reader, isNow: boolean): Turn | undefined {
  const { role, content } = message;
  if (role === 'user') return { role, content: partsOf(content).flatMap((part) => userPart(part, reader, isNow)) };
  if (role === 'assistant') return { role, content: partsOf(content).flatMap(assistantPart) };
  if (role !== 'tool') return undefined;
  return { role, content: content.flatMap((part) => (part.type === 'tool-result' ? [toolResult(part)] : [])) };
}

function partsOf<Part>(content: string | readonly Part[]): readonly (Part | { type: 'text'; text: string })[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

/** Nothing of white space alone: Anthropic and Google refuse it. */
function withText<Part extends { readonly text: string }>(part: Part): readonly Part[] {
  return isNothing(part.text) ? [] : [{ ...part, text: wellFormed(part.text) }];
}

function userPart(part: UserPart, { reads, hasRefused }: Reader, isNow: boolean): readonly UserPart[] {
  if (part.type === 'text') return withText(part);
  if (part.type !== 'file' || typeof part.data !== 'string') return [part];
  const mediaType = mediaTypeOf(part.mediaType, part.data);
  if (part.data === '' || !reads.has(mediaType) || hasRefused(part.data)) {
    return [{ type: 'text', text: wellFormed(nameOfFile(part, isNow ? UNREADABLE : undefined)) }];
  }
  const { filename, ...file } = part;
  const isNamed = filename !== undefined && !isNothing(filename);
  return [{ ...file, mediaType, ...(isNamed ? { filename: cut(wellFormed(filename), MOST_OF_A_NAME) } : {}) }];
}

function assistantPart(part: AssistantPart): readonly AssistantPart[] {
  if (part.type === 'text') return withText(part);
  if (part.type !== 'tool-call') return [part];
  const input = isObject(part.input) ? wellFormedJson(part.input) : {};
  return [{ ...part, toolName: acceptable(part.toolName), input }];
}

/** Models make up names of any kind. */
function acceptable(toolName: string): string {
  return toolName.replaceAll(/[^\w-]/g, '_').slice(0, MOST_OF_A_TOOLS_NAME) || 'unknown';
}

function toolResult(given: ToolResultPart): ToolResultPart {
  const part = { ...given, toolName: acceptable(given.toolName) };
  const { output } = part;
  if (output.type === 'text' || output.type === 'error-text') {
    return { ...part, output: { ...output, value: isNothing(output.value) ? NO_OUTPUT : wellFormed(output.value) } };
  }
  if (output.type === 'json' || output.type === 'error-json') {
    return { ...part, output: { ...output, value: wellFormedJson(output.value) as typeof output.value } };
  }
  return part;
}

/** Gives every call an id of its own, and the result that came behind it; results without a call go. */
function paired(turns: readonly Turn[]): readonly Turn[] {
  const ids = new Set<string>();
  return turns.flatMap((turn, index): readonly Turn[] => {
    if (turn.role === 'tool') return [];
    if (turn.role === 'user') return [turn];
    const given = resultsBehind(turns, index);
    const results: ToolResultPart[] = [];
    const content = turn.content.map((part) => {
      if (part.type !== 'tool-call' || part.providerExecuted === true) return part;
      const at = given.findIndex(({ toolCallId }) => toolCallId === part.toolCallId);
      const [result] = at < 0 ? [] : given.splice(at, 1);
      const toolCallId = ownId(part.toolCallId, ids);
      results.push({ ...(result ?? unanswered(part)), toolCallId });
      return { ...part, toolCallId };
    });
    return results.length === 0
      ? [turn]
      : [
          { role: 'assistant', content },
          { role: 'tool', content: results },
        ];
  });
}

function resultsBehind(turns: readonly Turn[], index: number): ToolResultPart[] {
  const results: ToolResultPart[] = [];
  for (const turn of turns.slice(index + 1)) {
    if (turn.role !== 'tool') break;
    results.push(...turn.content);
  }
  return results;
}

function unanswered({ toolCallId, toolName }: ToolCallPart): ToolResultPart {
  return { type: 'tool-result', toolCallId, toolName, output: { type: 'error-text', value: UNANSWERED } };
}

/** Models that number their calls begin anew in each answer, and not all providers take the ids of the others. */
function ownId(id: string, taken: Set<string>): string {
  let own = id;
  for (let n = taken.size; taken.has(own) || !/^[a-zA-Z0-9_-]{1,64}$/.test(own); n += 1) own = `call${n}`;
  taken.add(own);
  return own;
}

function merged(turns: readonly Turn[], { bridged, apart }: Pick<Reader, 'bridged' | 'apart'>): readonly Turn[] {
  const all: Turn[] = [];
  for (const turn of turns) {
    const before = all.at(-1);
    if (before === undefined && turn.role !== 'user') continue;
    if (!apart && before?.role === 'user' && turn.role === 'user') {
      all[all.length - 1] = { role: 'user', content: joined(before.content, turn.content) };
    } else if (!apart && before?.role === 'assistant' && turn.role === 'assistant') {
      all[all.length - 1] = { role: 'assistant', content: joined(before.content, turn.content) };
    } else {
      if (bridged && before?.role === 'tool' && turn.role === 'user') all.push(said('assistant', NO_ANSWER));
      all.push(turn);
    }
  }
  if (all.length === 0 || all.at(-1)?.role === 'assistant') all.push(said('user', NOTHING_SAID));
  return all;
}

function said(role: 'user' | 'assistant', text: string): Turn {
  return { role, content: [{ type: 'text', text }] };
}

/** Words that meet are one text: servers that know only text as content take it. */
function joined<Part extends { readonly type: string }>(one: readonly Part[], other: readonly Part[]): readonly Part[] {
  const [last, first] = [one.at(-1), other[0]];
  if (!isText(last) || !isText(first)) return [...one, ...other];
  return [...one.slice(0, -1), { ...last, text: `${last.text}\n\n${first.text}` }, ...other.slice(1)];
}

function isText<Part extends { readonly type: string }>(part: Part | undefined): part is Part & { text: string } {
  return part?.type === 'text' && 'text' in part;
}
