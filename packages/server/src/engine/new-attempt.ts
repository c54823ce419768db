/** Where the run of a new attempt begins: which of the steps of the attempts before are kept. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { messageOf } from '../platform/errors.js';

export const BEYOND_EVERY_STEP = 2_147_483_647;

export interface RewindTo {
  readonly from: 'failed-step' | 'start';
  /** What made the attempt before fail: the step's name, or what was thrown. */
  readonly step?: string;
  readonly message?: string;
}

/**
 * The first step that is run again. Of the steps that have failed it is the one that made the attempt fail; else the
 * last of all, if that has failed; else none, and the agent's code runs again behind them.
 */
export async function firstStepOf(id: string, { from, step, message }: RewindTo): Promise<number> {
  if (from === 'start') return 0;
  const steps = (await DBOS.listWorkflowSteps(id)) ?? [];
  const culprit = steps.findLast(({ name, error }) => {
    if (error === null) return false;
    return step === undefined ? messageOf(error) === message : name === step;
  });
  const last = steps.at(-1);
  const failed = culprit ?? (last !== undefined && last.error !== null ? last : undefined);
  return failed?.functionID ?? BEYOND_EVERY_STEP;
}
