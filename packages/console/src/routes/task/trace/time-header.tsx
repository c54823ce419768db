/** The head of a waterfall with its time axis, and the lines that go down from it. */
import { duration } from '../../../components/time.js';
import { traceTexts } from '../../../texts/trace.js';
import { percent, type Scale } from './bar.js';
import { ticksOf, type Axis, type Window } from './axis.js';

const TICK_PX = 84;

interface AxisProps {
  readonly scale: Scale;
  /** How wide the axis is drawn. */
  readonly widthPx: number;
}

export function TimeHeader({ scale, widthPx }: AxisProps) {
  const { axis, shown } = scale;
  return (
    <div role="row" className="wf-row wf-head" aria-rowindex={1}>
      <div role="columnheader" className="wf-name">
        {traceTexts.name}
      </div>
      <div role="columnheader" className="wf-took">
        {traceTexts.duration}
      </div>
      <div role="columnheader" className="wf-track" aria-label={traceTexts.time}>
        {ticksOf(axis, shown, widthPx / TICK_PX).map(({ at, offset }) => (
          <span key={at} className="wf-tick numbers" style={{ left: across(at, shown) }}>
            {offset === 0 ? '0' : tickLabel(offset)}
          </span>
        ))}
        {idleIn(axis).map((piece) => (
          <span
            key={piece.from}
            className="wf-idle-label numbers"
            style={{ left: across(piece.at, shown), width: wide(piece.length, shown) }}
            title={traceTexts.waited(duration(piece.to - piece.from))}
          >
            {duration(piece.to - piece.from)}
          </span>
        ))}
      </div>
    </div>
  );
}

export function TimeLines({ scale, widthPx, live }: AxisProps & { readonly live: boolean }) {
  const { axis, shown } = scale;
  return (
    <div className="wf-lines" aria-hidden>
      <div className="wf-track">
        {idleIn(axis).map((piece) => (
          <span
            key={piece.from}
            className="wf-idle"
            style={{ left: across(piece.at, shown), width: wide(piece.length, shown) }}
          />
        ))}
        {ticksOf(axis, shown, widthPx / TICK_PX).map(({ at }) => (
          <span key={at} className="wf-line" style={{ left: across(at, shown) }} />
        ))}
        {live ? <span className="wf-now" style={{ left: percent(scale.now, scale) }} /> : null}
      </div>
    </div>
  );
}

function idleIn({ pieces }: Axis): Axis['pieces'] {
  return pieces.filter(({ idle }) => idle);
}

function across(at: number, { from, to }: Window): string {
  return `${(((at - from) / (to - from)) * 100).toFixed(3)}%`;
}

function wide(length: number, { from, to }: Window): string {
  return `${((length / (to - from)) * 100).toFixed(3)}%`;
}

/** Ticks are round: no more digits than they have. */
function tickLabel(ms: number): string {
  if (ms < 1) return `${Number((ms * 1_000).toPrecision(3))} µs`;
  if (ms < 1_000) return `${Number(ms.toPrecision(4))} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toPrecision(5))} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60)
    return `${Math.floor(minutes)} min${ms % 60_000 === 0 ? '' : ` ${Math.round((ms % 60_000) / 1_000)} s`}`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours < 48) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  return `${Number((hours / 24).toFixed(1))} d`;
}
