/** The head of a waterfall with its time axis, and the lines that go down from it. */
import { duration } from '../../../components/time.js';
import { traceTexts } from '../../../texts/trace.js';
import { percent, type Scale } from './bar.js';
import { place, shareOf, tickLabel, ticksOf, type Axis, type Piece, type Window } from './axis.js';

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
            {tickLabel(offset)}
          </span>
        ))}
        {idleIn(axis).map((piece) => (
          <span
            key={piece.from}
            className="wf-idle-label numbers"
            style={placed(piece, shown)}
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
          <span key={piece.from} className="wf-idle" style={placed(piece, shown)} />
        ))}
        {ticksOf(axis, shown, widthPx / TICK_PX).map(({ at }) => (
          <span key={at} className="wf-line" style={{ left: across(at, shown) }} />
        ))}
        {live ? <span className="wf-now" style={{ left: across(place(axis, scale.now), shown) }} /> : null}
      </div>
    </div>
  );
}

function idleIn({ pieces }: Axis): readonly Piece[] {
  return pieces.filter(({ idle }) => idle);
}

function across(at: number, shown: Window): string {
  return percent(shareOf(at, shown));
}

function placed({ at, length }: Piece, shown: Window): React.CSSProperties {
  return { left: across(at, shown), width: percent(length / (shown.to - shown.from)) };
}
