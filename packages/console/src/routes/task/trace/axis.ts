/** The time axis of a waterfall: milliseconds, with the long waits in between made short. */
import { precise } from '../../../formats.js';
import type { Span, Stretch } from './spans.js';

/** A part of the axis. Of an `idle` one, more time than it has room for. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** Where it begins on the axis, and how much of it it takes. */
  readonly at: number;
  readonly length: number;
  readonly idle: boolean;
}

export interface Axis {
  readonly pieces: readonly Piece[];
  /** All of it, in milliseconds of those pieces that aren't idle. */
  readonly length: number;
}

/** What of an axis is shown, in its own units. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  /** In the axis's units. */
  readonly at: number;
  /** Milliseconds since the beginning of its piece. */
  readonly offset: number;
}

/** A wait is made short when it is longer than all work together, and then takes a twelfth of it. */
const SHORT = 1 / 12;
const LEAST_IDLE_MS = 1_000;
/** However short the work is, it can be seen. */
const LEAST_MS = 1;
const STEPS = [1, 2, 5];

export function toAxis(from: number, to: number, busy: readonly Stretch[], shorten: boolean): Axis {
  const whole = { from, to: Math.max(to, from + LEAST_MS) };
  const idle = shorten ? idleBetween(whole, busy) : [];
  const idleMs = idle.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const busyMs = Math.max(LEAST_MS, whole.to - whole.from - idleMs);
  const long = idle.filter((gap) => gap.to - gap.from > Math.max(busyMs / 2, LEAST_IDLE_MS));
  const pieces: Piece[] = [];
  let at = 0;
  const add = (piece: Window, isIdle: boolean): void => {
    if (piece.to <= piece.from) return;
    const length = isIdle ? Math.max(busyMs * SHORT, LEAST_MS) : piece.to - piece.from;
    pieces.push({ ...piece, at, length, idle: isIdle });
    at += length;
  };
  let seen = whole.from;
  for (const gap of long) {
    add({ from: seen, to: gap.from }, false);
    add(gap, true);
    seen = gap.to;
  }
  add({ from: seen, to: whole.to }, false);
  return { pieces, length: at };
}

/** Where nothing works. */
function idleBetween(whole: Window, busy: readonly Stretch[]): readonly Window[] {
  const gaps: Window[] = [];
  let seen = whole.from;
  for (const { from, to = whole.to } of busy.toSorted((a, b) => a.from - b.from)) {
    if (from > seen) gaps.push({ from: seen, to: Math.min(from, whole.to) });
    seen = Math.max(seen, to);
  }
  if (seen < whole.to) gaps.push({ from: seen, to: whole.to });
  return gaps;
}

/** When something works: runs, and tasks that were called and of which nothing else is known. */
export function busyIn(span: Span): readonly Stretch[] {
  const called = span.node?.child !== null && span.node?.child !== undefined && span.worked.length === 0;
  const { from, to } = span;
  const own = called && from !== undefined ? [{ from, to, failed: false }] : span.worked;
  return [...own, ...span.spans.flatMap(busyIn)];
}

export function place({ pieces, length }: Axis, time: number): number {
  const [first] = pieces;
  if (first === undefined || time <= first.from) return 0;
  const piece = pieces.find(({ to }) => time <= to);
  if (piece === undefined) return length;
  return piece.at + ((time - piece.from) / (piece.to - piece.from)) * piece.length;
}

/** From 0 to 1, where a place of the axis is in what is shown; outside of it, below or above. */
export function shareOf(at: number, { from, to }: Window): number {
  return (at - from) / (to - from);
}

/** A thousandth is as near as one can come. */
const NEAREST = 20_000;

export function zoomed(axis: Axis, shown: Window, factor: number, around = (shown.from + shown.to) / 2): Window {
  const length = Math.min(axis.length, Math.max(axis.length / NEAREST, (shown.to - shown.from) * factor));
  const share = shareOf(around, shown);
  return moved(axis, { from: around - share * length, to: around + (1 - share) * length }, 0);
}

/** By a share of what is shown; never beyond the ends. */
export function moved(axis: Axis, { from, to }: Window, share: number): Window {
  const length = to - from;
  const start = Math.min(Math.max(0, from + share * length), Math.max(0, axis.length - length));
  return { from: start, to: start + length };
}

/** At round offsets, so far apart that some `most` of them fill the window. */
export function ticksOf({ pieces }: Axis, shown: Window, most: number): readonly Tick[] {
  const step = roundStep((shown.to - shown.from) / Math.max(1, most));
  const ticks: Tick[] = [];
  for (const piece of pieces) {
    if (piece.idle || piece.at + piece.length < shown.from || piece.at > shown.to) continue;
    const first = Math.max(0, Math.ceil((shown.from - piece.at) / step));
    const last = Math.floor((Math.min(shown.to, piece.at + piece.length) - piece.at) / step);
    for (let n = first; n <= last; n += 1) ticks.push({ at: piece.at + n * step, offset: n * step });
  }
  return ticks;
}

const MINUTE = 60_000;
const LARGE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1_440, 2_880, 10_080].map((n) => n * MINUTE);

function roundStep(least: number): number {
  if (least > 30_000)
    return LARGE_STEPS.find((step) => step >= least) ?? Math.ceil(least / 10_080 / MINUTE) * 10_080 * MINUTE;
  if (least > 10_000) return least > 15_000 ? 30_000 : 15_000;
  const size = 10 ** Math.floor(Math.log10(Math.max(least, 0.001)));
  return (STEPS.find((n) => n * size >= least) ?? 10) * size;
}

/** What stands at a tick. Ticks are round: no more digits than they have. */
export function tickLabel(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1) return `${precise(ms * 1_000, 3)} µs`;
  if (ms < 1_000) return `${precise(ms, 4)} ms`;
  if (ms < MINUTE) return `${precise(ms / 1_000, 5)} s`;
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 60) return withRest(`${minutes} min`, Math.round((ms % MINUTE) / 1_000), 's');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? withRest(`${hours} h`, minutes % 60, 'min') : `${precise(Math.round(hours / 2.4) / 10, 6)} d`;
}

function withRest(text: string, rest: number, unit: string): string {
  return rest === 0 ? text : `${text} ${rest} ${unit}`;
}
