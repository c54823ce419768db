/** A question of an agent that nobody has answered yet. */
import type { JournalRow } from '../runs/journal-row.js';
import type { Artifact } from '../tasks/task.js';
import type { InputRequest } from './input-request.js';

type WaitingState = 'INPUT_REQUIRED' | 'AUTH_REQUIRED';

/** A question that is about to be put. */
export interface OpenQuestion {
  readonly state: WaitingState;
  readonly messageId: string;
  readonly parts: Artifact['parts'];
  readonly extensions: readonly string[] | undefined;
  readonly request: InputRequest;
  /** It was asked before. */
  readonly known: boolean;
  readonly row: JournalRow;
}
