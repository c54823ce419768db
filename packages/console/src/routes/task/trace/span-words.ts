/** What is said of a span: its name, what stands beside it, and how long it took. */
import { exactDuration } from '../../../components/time.js';
import { traceTexts } from '../../../texts/trace.js';
import { goesOn, type Span } from './spans.js';

export function nameOf({ kind, name }: Span): string {
  if (kind === 'run') return traceTexts.run(name);
  // Of `provider/model` what people call it.
  return kind === 'model' ? name.slice(name.indexOf('/') + 1) : name;
}

/** In a few words, what a row has no column for. `before`: what stands before it in the same span. */
export function asideOf(span: Span, before: Span | undefined, doing = ''): string {
  const { node, run } = span;
  const usage = node?.usage ?? node?.child?.usage;
  return [
    run === undefined || run.instance === null ? '' : instanceName(run.instance),
    span.kind === 'run' && before?.run?.ending === 'lost' ? traceTexts.tookOver(before.run.number) : '',
    run !== undefined && run.attempt > 1 && before?.run?.attempt !== run.attempt ? traceTexts.attempt(run.attempt) : '',
    span.kind !== 'run' || run?.ending == null ? '' : (traceTexts.endings[run.ending] ?? run.ending),
    usage == null ? '' : traceTexts.totalTokens(usage.totalTokens),
    node === undefined || node.attempts < 2 ? '' : `×${node.attempts}`,
    doing,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Enough of an id to tell instances apart. */
function instanceName(id: string): string {
  return id.length > 12 ? id.slice(-6) : id;
}

/** Milliseconds; undefined for what has not begun. `now` ends what goes on. */
function tookMs(span: Span, now: number): number | undefined {
  const { from, to = goesOn(span) ? now : undefined } = span;
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}

export function took(span: Span, now: number): string {
  const ms = tookMs(span, now);
  return ms === undefined ? '' : exactDuration(ms);
}

/** For who hears a row. */
export function spoken(span: Span, now: number): string {
  return [traceTexts.kinds[span.kind], nameOf(span), traceTexts.states[span.state], took(span, now)]
    .filter((part) => part !== '')
    .join(', ');
}
