/** The attempts of a step that failed, those that failed alike together. */
import { Text } from '@mantine/core';
import type { ErrorReport, TraceNode } from '@continuo/client';
import { clock } from '../../../components/time.js';
import { traceTexts } from '../../../texts/trace.js';
import { ErrorView } from './error-view.js';

interface TriesProps {
  readonly tries: TraceNode['tries'];
  /** How it failed for good; not said twice. */
  readonly failed: ErrorReport | null;
}

export function Tries({ tries, failed }: TriesProps) {
  return (
    <section aria-label={traceTexts.tries}>
      <h3 className="wf-heading">{traceTexts.tries}</h3>
      {tries.map(({ error, count, firstAt, lastAt }, index) => (
        <div key={index} className="wf-try-group">
          <Text size="sm">
            <b>{tries.length === 1 ? traceTexts.triesAlike(count) : traceTexts.triesOf(count)}</b>
            <Text span size="xs" c="dimmed" className="numbers">
              {' · '}
              {firstAt === lastAt ? clock(firstAt) : `${clock(firstAt)} – ${clock(lastAt)}`}
            </Text>
          </Text>
          {isSame(error, failed) ? null : <ErrorView error={error} open={false} />}
        </div>
      ))}
    </section>
  );
}

function isSame(one: ErrorReport, other: ErrorReport | null): boolean {
  return one.name === other?.name && one.message === other.message;
}
