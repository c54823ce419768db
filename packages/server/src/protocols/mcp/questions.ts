/** What agents ask, as forms that MCP's clients show people (elicitation), and what people answer, as messages. */
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { isObject, jsonIn } from '@continuo/agent/internal/platform/json-object.js';
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import { INPUT_EXTENSION, type Task } from '@continuo/agent/internal/tasks/task.js';
import { relatedTo } from './results.js';

type Schema = Readonly<Record<string, unknown>>;

const PRIMITIVES: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];
const FORMATS: readonly unknown[] = ['email', 'uri', 'date', 'date-time'];
/** What a field of a form may say of itself. */
const KEPT = ['title', 'description', 'default', 'enum', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum'];
/** The one field of a form for a question that asks for no object. */
const ANSWER = 'answer';

/** Names the question: whichever instance gets the answer knows from it what was asked. */
function questionId(taskId: string, seq: number): string {
  return `question/${taskId}/${seq}`;
}

/** Undefined for an id that no question has. */
export function questionOf(id: string | number): { readonly taskId: string; readonly seq: number } | undefined {
  const [, taskId, seq] = /^question\/([0-9a-f-]{36})\/(\d{1,15})$/.exec(String(id)) ?? [];
  return taskId === undefined ? undefined : { taskId, seq: Number(seq) };
}

/** The same answer to the same question is said once. */
export function answerId(taskId: string, seq: number): string {
  return derivedId(`answer to ${questionId(taskId, seq)}`);
}

/** `elicitation/create` for the task's question, which its event `seq` asks. */
export function questionRequest(task: Task, seq: number, ofTask: boolean) {
  const { message } = task.status;
  return {
    jsonrpc: '2.0',
    id: questionId(task.id, seq),
    method: 'elicitation/create',
    params: {
      mode: 'form',
      message: textOf(message?.parts ?? []),
      requestedSchema: formFor(schemaOf(task)),
      ...(ofTask ? { _meta: relatedTo(task.id) } : {}),
    },
  };
}

/** What a person has filled in, as the question's schema wants it. */
export function answerParts(task: Task, content: Schema): readonly Part[] {
  const schema = schemaOf(task);
  if (schema !== undefined && fieldsOf(schema) !== undefined) return [{ data: content }];
  const value = content[ANSWER];
  const isText = schema === undefined || schema['type'] === 'string' || primitive(schema) !== undefined;
  if (typeof value !== 'string') return [{ data: value ?? content }];
  return [isText ? { text: value } : { data: jsonIn(value) ?? value }];
}

function schemaOf({ status }: Task): Schema | undefined {
  const request = status.message?.metadata?.[INPUT_EXTENSION];
  const schema = isObject(request) ? request['schema'] : undefined;
  return isObject(schema) ? schema : undefined;
}

/** MCP's forms are flat: of what isn't, a person is asked for JSON. */
function formFor(schema: Schema | undefined): Schema {
  const fields = schema === undefined ? undefined : fieldsOf(schema);
  if (schema !== undefined && fields !== undefined) {
    return { type: 'object', properties: fields, required: schema['required'] ?? [] };
  }
  const description = schema === undefined ? {} : { description: `JSON: ${JSON.stringify(schema)}` };
  const field = schema === undefined ? undefined : primitive(schema);
  const properties = { [ANSWER]: field ?? { type: 'string', title: 'Answer', ...description } };
  return { type: 'object', properties, required: [ANSWER] };
}

/** The fields of a flat object; undefined for any other schema. */
function fieldsOf({ type, properties }: Schema): Schema | undefined {
  if (type !== 'object' || !isObject(properties)) return undefined;
  const fields = Object.entries(properties).map(([name, schema]) => [name, primitive(schema)] as const);
  const isFlat = fields.every(([, field]) => field !== undefined);
  return isFlat && fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

/** Undefined for what no single field of a form can hold. */
function primitive(schema: unknown): Schema | undefined {
  if (!isObject(schema) || !PRIMITIVES.includes(schema['type'])) return undefined;
  const kept = KEPT.filter((name) => schema[name] !== undefined).map((name) => [name, schema[name]]);
  return {
    type: schema['type'],
    ...Object.fromEntries(kept),
    ...(typeof schema['const'] === 'string' ? { enum: [schema['const']] } : {}),
    ...(FORMATS.includes(schema['format']) ? { format: schema['format'] } : {}),
  };
}
