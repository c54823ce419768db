/** Reads what remote agents answer in JSON as A2A 1.0 has it, also where they spell it as 0.3 does, or leave out what is certain without it. */
import { TaskState, taskStateFromJSON, type Message, type StreamResponse, type Task } from '@a2a-js/sdk';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { sdkEvent } from '../../tasks/sdk-objects.js';
import { NoAnswer, unreadableState } from './remote-errors.js';

export type Fields = Readonly<Record<string, unknown>>;
type Kind = 'task' | 'message' | 'statusUpdate' | 'artifactUpdate';

/** The fields in which answers and events come: of A2A 1.0, of its snake_case, of 0.3 over HTTP+JSON. */
const WRAPPERS: Readonly<Record<string, Kind>> = {
  task: 'task',
  message: 'message',
  msg: 'message',
  statusUpdate: 'statusUpdate',
  status_update: 'statusUpdate',
  artifactUpdate: 'artifactUpdate',
  artifact_update: 'artifactUpdate',
};

/** What 0.3 calls them, and many by mistake. */
const OTHER_NAMES: Readonly<Record<string, string>> = { UNKNOWN: 'UNSPECIFIED', CANCELLED: 'CANCELED' };

const CONTENTS = ['text', 'raw', 'url', 'data'];

/** Each throws NoAnswer for what is nothing of the kind, and TerminalError for a state that A2A doesn't have. */
export interface Spelling {
  /** What a message is answered with. */
  sent(json: unknown): Task | Message;
  task(json: unknown): Task;
  event(json: unknown): StreamResponse;
}

/** `wrapsData`: values are in an object of their own, as A2A 0.3 has them over HTTP+JSON. */
export function spellingOf({ wrapsData }: { readonly wrapsData: boolean }): Spelling {
  const convert: Readonly<Record<Kind, (json: Fields) => Fields>> = {
    task: ({ status, artifacts, history, ...json }) => ({
      ...json,
      ...withStatus(status),
      artifacts: fieldsIn(artifacts).map(artifactOf),
      history: fieldsIn(history).map(messageOf),
    }),
    message: messageOf,
    statusUpdate: ({ status, ...json }) => ({ ...json, ...withStatus(status) }),
    artifactUpdate: ({ artifact, ...json }) => ({
      ...json,
      artifact: isObject(artifact) ? artifactOf(artifact) : null,
    }),
  };

  function withStatus(status: unknown): Fields {
    if (!isObject(status)) return {};
    const { update, message = update, state, ...json } = status;
    return {
      status: { ...json, state: stateOf(state), ...(isObject(message) && { message: messageOf(message) }) },
    };
  }

  function artifactOf({ artifact_id, artifactId = artifact_id, parts, ...json }: Fields, index = 0): Fields {
    return { ...json, artifactId: artifactId ?? `artifact-${index + 1}`, parts: partsOf(parts) };
  }

  function messageOf({ content, parts = content, role, ...json }: Fields): Fields {
    return { ...json, role: roleOf(role), parts: partsOf(parts) };
  }

  /** Without those that hold nothing that A2A knows. */
  function partsOf(parts: unknown): readonly Fields[] {
    return fieldsIn(parts)
      .map(partOf)
      .filter((part) => CONTENTS.some((content) => part[content] !== undefined));
  }

  function partOf({ file, ...json }: Fields): Fields {
    if (isObject(file)) {
      const { fileWithBytes, bytes: raw = fileWithBytes, fileWithUri, uri: url = fileWithUri, mimeType, name } = file;
      return { ...json, ...(raw === undefined ? { url } : { raw }), mediaType: mimeType, filename: name };
    }
    const { data } = json;
    return wrapsData && isObject(data) && 'data' in data ? { ...json, data: data['data'] } : json;
  }

  function read(json: unknown, kinds: readonly Kind[]): StreamResponse {
    const found = find(json);
    if (found === undefined || !kinds.includes(found[0])) throw new NoAnswer(JSON.stringify(json));
    const [kind, fields] = found;
    return sdkEvent({ [kind]: convert[kind](fields) });
  }

  function sent(json: unknown): Task | Message {
    const { payload } = read(json, ['task', 'message']);
    if (payload?.$case === 'task' || payload?.$case === 'message') return payload.value;
    throw new NoAnswer(JSON.stringify(json));
  }

  return {
    sent,
    task: (json) => {
      const { payload } = read(isObject(json) && hasId(json) ? { task: json } : json, ['task']);
      if (payload?.$case === 'task') return payload.value;
      throw new NoAnswer(JSON.stringify(json));
    },
    event: (json) => read(json, ['task', 'message', 'statusUpdate', 'artifactUpdate']),
  };
}

/** What it is and where: in a field that says so, or bare, where no other thing of A2A looks like it. */
function find(json: unknown): readonly [Kind, Fields] | undefined {
  if (!isObject(json)) return undefined;
  for (const [wrapper, kind] of Object.entries(WRAPPERS)) {
    const inner = json[wrapper];
    if (isObject(inner) && isWhole[kind](inner)) return [kind, inner];
  }
  if (hasId(json) && isObject(json['status'])) return ['task', json];
  if (isWhole.message(json)) return ['message', json];
  if (isObject(json['artifact'])) return ['artifactUpdate', json];
  if (isWhole.statusUpdate(json)) return ['statusUpdate', json];
  return undefined;
}

const isWhole: Readonly<Record<Kind, (json: Fields) => boolean>> = {
  task: hasId,
  message: ({ parts, content }) => Array.isArray(parts) || Array.isArray(content),
  statusUpdate: ({ status }) => isObject(status),
  artifactUpdate: ({ artifact }) => isObject(artifact),
};

function hasId({ id }: Fields): boolean {
  return typeof id === 'string' && id !== '';
}

function stateOf(state: unknown): TaskState {
  if (state === undefined || state === null) return TaskState.TASK_STATE_UNSPECIFIED;
  const found = taskStateFromJSON(typeof state === 'string' ? stateName(state) : state);
  if (found === TaskState.UNRECOGNIZED) throw unreadableState(state);
  return found;
}

function stateName(state: string): string {
  const name = state
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^TASK_STATE_/, '');
  return `TASK_STATE_${OTHER_NAMES[name] ?? name}`;
}

function roleOf(role: unknown): unknown {
  return typeof role === 'string' ? `ROLE_${role.toUpperCase().replace(/^ROLE_/, '')}` : role;
}

/** Those of a list that are objects: a bad one costs itself alone. */
export function fieldsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
