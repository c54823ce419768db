/** How a step failed for good. */
import type { ErrorReport } from '@continuo/agent/internal/runs/error-report.js';
import type { FailedTry } from '@continuo/agent/internal/runs/failed-tries.js';
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import type { OperationRow } from './operation-page.js';
import { hiddenIn } from './shown-value.js';

/** That of its last attempt; of what older versions recorded the message alone. */
export function failureOf({ tries, result }: Pick<OperationRow, 'tries' | 'result'>, hide: Hide): ErrorReport | null {
  return lastOf(triesOf({ tries }, hide))?.error ?? fromMessages(result, hide);
}

/** The attempts of a step that failed. */
export function triesOf({ tries }: Pick<OperationRow, 'tries'>, hide: Hide): readonly FailedTry[] {
  return tries === null ? [] : hiddenIn(tries, hide);
}

function lastOf(tries: readonly FailedTry[]): FailedTry | undefined {
  return tries.toSorted((a, b) => a.lastAt.localeCompare(b.lastAt)).at(-1);
}

function fromMessages(result: string | null, hide: Hide): ErrorReport | null {
  try {
    const { causes = [] } = JSON.parse(result ?? '{}') as { readonly causes?: readonly string[] };
    const message = causes.at(-1);
    return message === undefined ? null : { name: 'Error', message: hide(message), stack: [], causes: [] };
  } catch {
    // The messages of many attempts may be longer than what is read of them.
    return null;
  }
}
