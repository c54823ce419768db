/** Which tools an agent has used for an answer: its session keeps what it called them with and what they gave. */
import type { SessionMessage } from '@continuo/client';
import { TOOLS_EXTENSION } from '@continuo/client/extensions';
import { fieldsOf, textIn } from '@continuo/client/facts';

export interface ToolCall {
  readonly key: string;
  readonly tool: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: string | undefined;
  /** Undefined as long as it has no result. */
  readonly tookMs: number | undefined;
}

export function isAboutTools({ message }: SessionMessage): boolean {
  const kind = kindOf(message);
  return message.role === 'ROLE_AGENT' && (kind === 'calls' || kind === 'result');
}

function kindOf({ metadata }: SessionMessage['message']): unknown {
  return metadata?.[TOOLS_EXTENSION];
}

/** By the message that tells of them. One that was made again after a crash counts once. */
export function callsIn(messages: readonly SessionMessage[]): ReadonlyMap<string, readonly ToolCall[]> {
  const results = new Map<string, { readonly said: SessionMessage; readonly fields: Fields }>();
  const latest = new Map<string, string>();
  const told = messages.filter(isAboutTools);
  for (const said of told) {
    for (const fields of entriesOf(said)) {
      const place = placeOf(said, fields);
      if (kindOf(said.message) === 'result') results.set(`${place} ${latest.get(place)}`, { said, fields });
      else latest.set(place, said.message.messageId);
    }
  }
  return new Map(
    told.flatMap((said) => {
      if (kindOf(said.message) === 'result') return [];
      const { messageId } = said.message;
      const calls = entriesOf(said).flatMap((fields) => {
        const place = placeOf(said, fields);
        const result = results.get(`${place} ${messageId}`);
        // What was outdated by another call in its place has never run.
        return result === undefined && latest.get(place) !== messageId ? [] : [toCall(said, fields, result)];
      });
      return [[messageId, calls] as const];
    }),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function toCall(
  { message, createdAt }: SessionMessage,
  fields: Fields,
  result: { readonly said: SessionMessage; readonly fields: Fields } | undefined,
): ToolCall {
  return {
    key: `${message.messageId} ${textIn(fields, 'call') ?? ''}`,
    tool: textIn(fields, 'tool') ?? '',
    input: fields['input'],
    output: result?.fields['output'],
    error: textIn(result?.fields, 'error'),
    tookMs: result === undefined ? undefined : Date.parse(result.said.createdAt) - Date.parse(createdAt),
  };
}

function entriesOf({ message }: SessionMessage): readonly Fields[] {
  return message.parts.map(({ data }) => fieldsOf(data)).filter((fields) => fields !== undefined);
}

/** In a copy of a session messages belong to no task. */
function placeOf({ taskId, agent }: SessionMessage, fields: Fields): string {
  return JSON.stringify([taskId, agent, fields['call']]);
}
