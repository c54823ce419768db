/** What webhooks are told of by state: those of tasks, and that a task is held. */
import type { Webhook } from '@continuo/client';
import { taskStates, toState, type TaskState } from '@continuo/client/facts';
import { texts } from '../../texts.js';

const HELD_STATE = 'HELD';
type ToldState = TaskState | typeof HELD_STATE;

export const toldStates: readonly ToldState[] = [...taskStates, HELD_STATE];

export function toToldState(state: NonNullable<Webhook['states']>[number]): ToldState {
  return state === HELD_STATE ? state : toState(state);
}

export function toldStateName(state: ToldState): string {
  return state === HELD_STATE ? texts.held.label : texts.states[state];
}
