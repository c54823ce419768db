/** Counts calls over gRPC by their method, and what their answers took; streams, which last as long as their readers, are counted alone. */
import { status as codes } from '@grpc/grpc-js';
import type { Recorders } from '../../platform/metrics/metrics.js';
import { stopwatch } from '../../platform/request-log.js';
import { isOperation, operations } from './schema.js';

/** What a client calls that there is not. */
const NOWHERE = 'none';

/** Counts one call: what it gives back is told the status once the call is over, and hears only the first. */
export function countedCall(record: Recorders, name: string): (code: number | undefined) => void {
  const elapsed = stopwatch();
  const method = isOperation(name) ? name : undefined;
  let isOver = false;
  return (code = codes.UNKNOWN) => {
    if (isOver) return;
    isOver = true;
    record.calls({ method: method ?? NOWHERE, status: codes[code] ?? 'UNKNOWN' });
    if (method === undefined || operations[method][2] === 'stream') return;
    record.callDuration({ method }, elapsed() / 1_000);
  };
}
