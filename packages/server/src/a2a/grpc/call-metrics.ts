/** Counts calls over gRPC by their method, and what their answers took; streams, which last as long as their readers, are counted alone. */
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { status as codes } from '@grpc/grpc-js';
import type { Recorders } from '../../platform/metrics/metrics.js';
import { stopwatch } from '../../platform/request-log.js';

/** What a client calls that there is not. */
const NOWHERE = 'none';

const methods = new Map<string, { readonly name: string; readonly streams: boolean }>(
  Object.values(A2AService).map(({ path, responseStream }) => [
    path,
    { name: path.slice(path.lastIndexOf('/') + 1), streams: responseStream },
  ]),
);

/** Counts one call: what it gives back is told the status once the call is over, and hears only the first. */
export function countedCall(record: Recorders, path: string): (code: number | undefined) => void {
  const elapsed = stopwatch();
  const { name: method, streams } = methods.get(path) ?? { name: NOWHERE, streams: true };
  let isOver = false;
  return (code = codes.UNKNOWN) => {
    if (isOver) return;
    isOver = true;
    record.calls({ method, status: codes[code] ?? 'UNKNOWN' });
    if (!streams) record.callDuration({ method }, elapsed() / 1_000);
  };
}
