/** Between A2A's JSON, which Continuo keeps, and the objects of the A2A SDK's client. */
import { Part as SdkPart, Role, TaskState, type Message as SdkMessage } from '@a2a-js/sdk';
import { partSchema, type Part } from '@continuo/agent/internal/sessions/message.js';
import { sdkParts } from '../../tasks/sdk-objects.js';
import { unreadableState } from './remote-errors.js';

export function toSdkMessage(
  parts: readonly Part[],
  ids: { readonly messageId: string; readonly contextId?: string | undefined; readonly taskId?: string | undefined },
): SdkMessage {
  return {
    messageId: ids.messageId,
    contextId: ids.contextId ?? '',
    taskId: ids.taskId ?? '',
    role: Role.ROLE_USER,
    parts: sdkParts(parts),
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  };
}

/** What a remote agent said; parts that A2A doesn't know are left out. */
export function fromSdkParts(parts: readonly SdkPart[] | undefined): readonly Part[] {
  return (parts ?? []).flatMap((part) => {
    const parsed = partSchema.safeParse(SdkPart.toJSON(part));
    return parsed.success ? [parsed.data] : [];
  });
}

/** States in which nothing more comes before somebody does something. */
export type SettledState = 'COMPLETED' | 'FAILED' | 'CANCELED' | 'REJECTED' | 'INPUT_REQUIRED' | 'AUTH_REQUIRED';

/** Undefined while the task is on its way. Throws TerminalError for what is no state. */
export function settledState(state: TaskState | undefined): SettledState | undefined {
  switch (state) {
    case TaskState.TASK_STATE_COMPLETED:
      return 'COMPLETED';
    case TaskState.TASK_STATE_FAILED:
      return 'FAILED';
    case TaskState.TASK_STATE_CANCELED:
      return 'CANCELED';
    case TaskState.TASK_STATE_REJECTED:
      return 'REJECTED';
    case TaskState.TASK_STATE_INPUT_REQUIRED:
      return 'INPUT_REQUIRED';
    case TaskState.TASK_STATE_AUTH_REQUIRED:
      return 'AUTH_REQUIRED';
    case undefined:
    case TaskState.TASK_STATE_UNSPECIFIED:
    case TaskState.TASK_STATE_SUBMITTED:
    case TaskState.TASK_STATE_WORKING:
      return undefined;
    default:
      throw unreadableState(state);
  }
}

/** Whether a message may go to a task in this state. */
export function takesAnswers(state: TaskState | undefined): boolean {
  return state === TaskState.TASK_STATE_INPUT_REQUIRED || state === TaskState.TASK_STATE_AUTH_REQUIRED;
}
