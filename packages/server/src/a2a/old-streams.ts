/** Streams of version 0.3, whose clients take the event that says `final` for the last one: a question is, too. */
import type { Response } from 'express';

const DATA = 'data: ';

/** What the SDK writes of a message's stream says `final` at the question that ends it. */
export function endAtQuestion(response: Response): void {
  const write: (frame: string) => boolean = response.write.bind(response);
  response.write = (chunk: unknown) => write(typeof chunk === 'string' ? withFinal(chunk) : String(chunk));
}

/** What the SDK would write of a stream as long as its task lasts is nothing to who asks for its head. */
export function endAtBody(response: Response): void {
  response.write = () => {
    response.end();
    return true;
  };
}

interface OldUpdate {
  readonly status?: { readonly state?: string };
}

interface OldFrame {
  /** Over JSON-RPC. */
  readonly result?: OldUpdate & { readonly kind?: string };
  /** Over HTTP+JSON. */
  readonly statusUpdate?: OldUpdate;
}

function withFinal(frame: string): string {
  if (!frame.startsWith(DATA) || !/"(input-required|TASK_STATE_INPUT_REQUIRED)"/.test(frame)) return frame;
  const event = JSON.parse(frame.slice(DATA.length)) as OldFrame;
  const { result, statusUpdate } = event;
  if (result?.kind === 'status-update' && result.status?.state === 'input-required')
    return toFrame({ ...event, result: { ...result, final: true } });
  if (statusUpdate?.status?.state === 'TASK_STATE_INPUT_REQUIRED')
    return toFrame({ ...event, statusUpdate: { ...statusUpdate, final: true } });
  return frame;
}

function toFrame(event: unknown): string {
  return `${DATA}${JSON.stringify(event)}\n\n`;
}
