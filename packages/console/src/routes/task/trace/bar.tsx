/** The bar of a span on the time axis: what worked solid, what waited for a person hatched, what was queued or idle light. */
import './bars.css';
import { place, shareOf, type Axis, type Window } from './axis.js';
import { goesOn, type Span } from './spans.js';

export interface Scale {
  readonly axis: Axis;
  readonly shown: Window;
  /** Ends what goes on; milliseconds since 1970. */
  readonly now: number;
}

const WAITS: readonly Span['kind'][] = ['question', 'inbox'];

export function Bar({ span, scale }: { readonly span: Span; readonly scale: Scale }) {
  const { from, kind, state, worked, node } = span;
  if (from === undefined) return null;
  const to = endOf(span, scale.now);
  const looks = looksOf(span);
  return (
    <>
      <span
        className="wf-bar"
        data-looks={looks}
        data-kind={kind}
        data-state={looks === 'idle' ? undefined : state}
        style={placed(from, to, scale)}
      />
      {worked.map((stretch) => (
        <span
          key={stretch.from}
          className="wf-bar"
          data-looks="works"
          data-kind={kind}
          data-state={stretch.failed ? 'failed' : stretch.to === undefined ? 'running' : 'done'}
          style={placed(stretch.from, stretch.to ?? to, scale)}
        />
      ))}
      {(node?.tries ?? []).flatMap(({ firstAt, lastAt }) =>
        [...new Set([firstAt, lastAt])].map((at) => (
          <span key={at} className="wf-try" style={{ left: percent(share(Date.parse(at), scale)) }} />
        )),
      )}
    </>
  );
}

/** What lies below the stretches that worked is light: the queue, and waits in between. */
function looksOf({ kind, worked }: Span): 'works' | 'waits' | 'idle' {
  if (kind === 'sleep' || kind === 'task' || worked.length > 0) return 'idle';
  return WAITS.includes(kind) ? 'waits' : 'works';
}

function endOf(span: Span, now: number): number {
  const { from = 0, to } = span;
  return to ?? (goesOn(span) ? now : from);
}

function share(time: number, { axis, shown }: Scale): number {
  return shareOf(place(axis, time), shown);
}

/** As CSS writes it; 1 is all that is shown. */
export function percent(ofShown: number): string {
  return `${(ofShown * 100).toFixed(3)}%`;
}

/** Cut where the window ends: what is a million pixels wide is drawn by no browser. */
function placed(from: number, to: number, scale: Scale): React.CSSProperties {
  const [start, end] = [share(from, scale), share(to, scale)];
  if (end < 0 || start > 1) return { display: 'none' };
  const left = Math.max(-0.02, start);
  return { left: percent(left), width: percent(Math.min(1.02, end) - left) };
}
