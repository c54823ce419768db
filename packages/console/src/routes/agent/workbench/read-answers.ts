/** What an agent answered, in whichever binding and version: the task, its state, and the words. */
import { fieldsOf, textIn } from '@continuo/client/facts';
import { parsed } from '../../../tasks/said-as-part.js';

export interface Answered {
  readonly taskId?: string | undefined;
  readonly contextId?: string | undefined;
  /** As the transport writes it: `TASK_STATE_COMPLETED`, `completed`. */
  readonly state?: string | undefined;
  /** Of artifacts and messages, in the order in which they came. */
  readonly text: string;
  /** Why it was refused. */
  readonly error?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

export function readAnswers(answers: readonly string[]): Answered {
  let known: Answered = { text: '' };
  for (const answer of answers) {
    const json = fieldsOf(parsed(answer));
    if (json !== undefined) known = read(json, known);
  }
  return known;
}

function read(json: Fields, known: Answered): Answered {
  const error = fieldsOf(json['error']);
  if (error !== undefined) return { ...known, error: textIn(error, 'message') ?? JSON.stringify(error) };
  const inner = ['result', 'task', 'message', 'msg', 'statusUpdate', 'artifactUpdate'].map((name) =>
    fieldsOf(json[name]),
  );
  const wrapped = inner.find((one) => one !== undefined);
  if (wrapped !== undefined && json['parts'] === undefined && json['status'] === undefined) return read(wrapped, known);
  const status = fieldsOf(json['status']);
  const artifacts = [...listIn(json, 'artifacts'), fieldsOf(json['artifact'])].filter((one) => one !== undefined);
  const said = [
    ...artifacts,
    fieldsOf(status?.['message'] ?? status?.['update']),
    status === undefined ? json : undefined,
  ];
  return {
    taskId: textIn(json, 'taskId') ?? (status === undefined ? undefined : textIn(json, 'id')) ?? known.taskId,
    contextId: textIn(json, 'contextId') ?? known.contextId,
    state: (status === undefined ? undefined : textIn(status, 'state')) ?? known.state,
    text: known.text + said.map(textOfParts).join(''),
  };
}

function textOfParts(one: Fields | undefined): string {
  const parts = one === undefined ? [] : [...listIn(one, 'parts'), ...listIn(one, 'content')];
  return parts.map((part) => textIn(part, 'text') ?? dataOf(part)).join('');
}

function dataOf({ data }: Fields): string {
  return data === undefined ? '' : JSON.stringify(data);
}

function listIn(json: Fields, name: string): readonly Fields[] {
  const list = json[name];
  return Array.isArray(list) ? list.map(fieldsOf).filter((one) => one !== undefined) : [];
}
