/** What of the time axis is shown: all of it until somebody zooms in. */
import { useCallback, useEffect, useState, type RefObject } from 'react';
import { moved, zoomed, type Axis, type Window } from './axis.js';

export interface TimeWindow {
  readonly shown: Window;
  readonly whole: boolean;
  readonly zoom: (factor: number, around?: number) => void;
  /** By a share of what is shown. */
  readonly move: (share: number) => void;
  readonly fit: () => void;
}

export const ZOOM_STEP = 1.5;
const WHEEL_SPEED = 0.004;

/** With a modifier key the wheel zooms at the pointer; with Shift, or sideways, it moves along. `box` has the head in it, which tells how wide the axis is drawn. */
export function useTimeWindow(axis: Axis, box: RefObject<HTMLElement | null>): TimeWindow {
  const [chosen, setChosen] = useState<Window>();
  const all: Window = { from: 0, to: axis.length };
  const shown = chosen === undefined || chosen.to - chosen.from >= axis.length ? all : moved(axis, chosen, 0);
  const change = useCallback(
    (next: (now: Window) => Window) =>
      setChosen((before) => {
        const after = next(before ?? { from: 0, to: axis.length });
        return after.to - after.from >= axis.length ? undefined : after;
      }),
    [axis],
  );
  const zoom = useCallback(
    (factor: number, around?: number) => change((now) => zoomed(axis, now, factor, around)),
    [axis, change],
  );
  const move = useCallback((share: number) => change((now) => moved(axis, now, share)), [axis, change]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      const zooms = event.ctrlKey || event.metaKey || event.altKey;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (!zooms && sideways === 0) return;
      // A page that zooms as well would be two things at once.
      event.preventDefault();
      const track = element.querySelector('.wf-head .wf-track')?.getBoundingClientRect();
      if (track === undefined || track.width === 0) return;
      if (!zooms) return move(sideways / track.width);
      const at = Math.min(1, Math.max(0, (event.clientX - track.left) / track.width));
      change((now) => zoomed(axis, now, Math.exp(event.deltaY * WHEEL_SPEED), now.from + at * (now.to - now.from)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [axis, box, change, move]);
  return { shown, whole: chosen === undefined, zoom, move, fit: useCallback(() => setChosen(undefined), []) };
}

const OFTEN_MS = 250;
const SELDOM_MS = 5_000;
/** So often does what goes on grow by a pixel, about. */
const PIXELS = 1_000;

/** Milliseconds since 1970, anew as long as something goes on; `lengthMs` is how much is shown. */
export function useNow(live: boolean, lengthMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  const everyMs = Math.min(SELDOM_MS, Math.max(OFTEN_MS, Math.round(lengthMs / PIXELS / OFTEN_MS) * OFTEN_MS));
  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [live, everyMs]);
  return now;
}
