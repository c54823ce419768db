/** Tasks, events and parts as the SDK's objects, whole: a part that its reader passes over would be lost, and all of it unreadable to 0.3. */
import { Message, StreamResponse, Task, Part } from '@a2a-js/sdk';

export function sdkMessage(json: unknown): Message {
  return wholeMessage(Message.fromJSON(json));
}

/** The same, with the null that its reader has passed over. */
export function wholeMessage(message: Message): Message {
  fill(message.parts);
  return message;
}

export function sdkTask(json: unknown): Task {
  const task = Task.fromJSON(json);
  fillTask(task);
  return task;
}

export function sdkEvent(json: unknown): StreamResponse {
  const event = StreamResponse.fromJSON(json);
  fillPayload(event);
  return event;
}

export function sdkParts(json: readonly unknown[]): Part[] {
  const parts = json.map((part) => Part.fromJSON(part));
  fill(parts);
  return parts;
}

function fillPayload({ payload }: StreamResponse): void {
  if (payload?.$case === 'task') fillTask(payload.value);
  if (payload?.$case === 'message') fill(payload.value.parts);
  if (payload?.$case === 'statusUpdate') fill(payload.value.status?.message?.parts);
  if (payload?.$case === 'artifactUpdate') fill(payload.value.artifact?.parts);
}

function fillTask({ status, artifacts, history }: Task): void {
  fill(status?.message?.parts);
  for (const { parts } of [...artifacts, ...history]) fill(parts);
}

/** The reader takes `{ data: null }` for nothing at all. */
function fill(parts: readonly Part[] = []): void {
  for (const part of parts) part.content ??= { $case: 'data', value: null };
}
