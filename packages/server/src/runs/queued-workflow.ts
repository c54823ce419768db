/** The workflow of runs that DBOS holds back: it knows one of that name in a process, also when a server has stopped there and another starts. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { RunOutcome } from '@continuo/agent/internal/runs/run.js';

export type Workflow = (id: string) => Promise<RunOutcome>;

const UNLIMITED = 1_000_000_000;

let carriedOutBy: Workflow | undefined;
let workflow: Workflow | undefined;

/** Throws when another engine of the process has not stopped. */
export function registerWorkflow(carryOut: Workflow): Workflow {
  if (carriedOutBy !== undefined)
    throw new Error('Another server of Continuo runs in this process, which can have one.');
  carriedOutBy = carryOut;
  workflow ??= DBOS.registerWorkflow(
    (id: string) => {
      if (carriedOutBy === undefined) throw new Error('The server has stopped.');
      return carriedOutBy(id);
    },
    { name: 'continuo.task', maxRecoveryAttempts: UNLIMITED },
  );
  return workflow;
}

/** For the next engine. */
export function leaveWorkflow(carryOut: Workflow): void {
  if (carriedOutBy === carryOut) carriedOutBy = undefined;
}
