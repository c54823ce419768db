/** What the HTTP API answers with, as far as commands show it. */

export interface Part {
  readonly text?: string;
  readonly data?: unknown;
  readonly raw?: string;
  readonly url?: string;
  readonly filename?: string;
  readonly mediaType?: string;
}

export interface Message {
  readonly messageId: string;
  readonly role: 'ROLE_USER' | 'ROLE_AGENT';
  readonly parts: readonly Part[];
  readonly metadata?: Fields;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface TaskStatus {
  readonly state: string;
  readonly timestamp: string;
  readonly message?: Message;
}

export interface Artifact {
  readonly artifactId: string;
  readonly name?: string;
  readonly description?: string;
  readonly parts: readonly Part[];
}

export interface Task {
  readonly id: string;
  readonly contextId: string;
  readonly status: TaskStatus;
  readonly artifacts?: readonly Artifact[];
  readonly history?: readonly Message[];
  readonly metadata?: Fields;
}

/** A2A's StreamResponse. */
export interface TaskEvent {
  readonly task?: Task;
  readonly statusUpdate?: { readonly taskId: string; readonly status: TaskStatus; readonly metadata?: Fields };
  readonly artifactUpdate?: {
    readonly taskId: string;
    readonly artifact: Artifact;
    readonly append: boolean;
    readonly lastChunk: boolean;
  };
}

const PROGRESS = 'urn:continuo:a2a:progress:v1';
const INPUT = 'urn:continuo:a2a:input:v1';
const HELD = 'urn:continuo:a2a:held:v1';
const ERROR = 'urn:continuo:a2a:error:v1';

const ended: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED']);

/** `TASK_STATE_INPUT_REQUIRED` is `INPUT_REQUIRED` for people. */
export function stateOf({ state }: { readonly state: string }): string {
  return state.replace('TASK_STATE_', '');
}

export function hasEnded(state: string): boolean {
  return ended.has(state);
}

export function isAsking(state: string): boolean {
  return state === 'INPUT_REQUIRED' || state === 'AUTH_REQUIRED';
}

/** `type/name`; empty when it isn't said. */
export function agentOf({ metadata }: { readonly metadata?: Fields | undefined }): string {
  const agent = metadata?.['agent'];
  return typeof agent === 'string' ? agent : '';
}

export interface Progress {
  readonly fraction: number;
  readonly stage: string;
  readonly title: string;
  readonly createdAt: string | undefined;
  readonly parentTaskId: string | undefined;
}

export function progressOf(metadata: Fields | undefined): Progress {
  const said = fieldsOf(metadata?.[PROGRESS]);
  const fraction = Number(said['fraction'] ?? 0);
  return {
    fraction: fraction >= 0 && fraction <= 1 ? fraction : 0,
    stage: textOf(said['stage']) ?? '',
    title: textOf(said['title']) ?? '',
    createdAt: textOf(said['createdAt']),
    parentTaskId: textOf(said['parentTaskId']),
  };
}

/** Why its agent's code can't go on with it: `step "load"`, and what the code does instead. */
export function heldOf(metadata: Fields | undefined): string | undefined {
  const said = metadata?.[HELD];
  if (said === undefined || said === null) return undefined;
  const { finished, found } = fieldsOf(said);
  return [textOf(finished), textOf(found)].filter((text) => text !== undefined).join(' → ') || 'held';
}

export function failureOf(metadata: Fields | undefined): string | undefined {
  return textOf(fieldsOf(metadata?.[ERROR])['message']);
}

/** JSON Schema of the answer, where the question has one. */
export function schemaOf(question: Message | undefined): Fields | undefined {
  const schema = fieldsOf(question?.metadata?.[INPUT])['schema'];
  return typeof schema === 'object' && schema !== null ? (schema as Fields) : undefined;
}

/** Text as it is, other parts by name or as JSON. */
export function partsText(parts: readonly Part[] = []): string {
  return parts
    .map(partText)
    .filter((text) => text !== '')
    .join('\n');
}

export function partText({ text, data, raw, url, filename, mediaType }: Part): string {
  if (text !== undefined) return text;
  if (data !== undefined) return JSON.stringify(data, undefined, 2);
  const name = filename ?? url ?? 'file';
  return raw === undefined && url === undefined ? '' : `[${name}${mediaType === undefined ? '' : `, ${mediaType}`}]`;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
