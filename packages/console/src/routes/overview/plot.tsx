/** Draws a chart on a canvas, in the colours and the width that the page has at the moment. */
import { dateText } from '../../formats.js';
import { texts } from '../../texts.js';
import './valid-language.js';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { TaskStatistics } from '@continuo/client';
import { dayAndTime } from '../../components/time.js';

export type Bucket = TaskStatistics['buckets'][number];

export interface Line {
  readonly label: string;
  /** Of Mantine's: `teal-6`. */
  readonly colour: string;
  /** Bars that stand behind others show the sum: `upTo` is where they end. */
  readonly bars?: boolean;
  readonly value: (bucket: Bucket) => number | null;
  /** Times without a value are gaps: each value is shown as a dot. */
  readonly gaps?: boolean;
  readonly upTo?: (bucket: Bucket) => number | null;
}

export interface Drawing {
  readonly lines: readonly Line[];
  readonly show: (value: number | null) => string;
  /** What stands beside the lines of the grid. */
  readonly mark: (value: number) => string;
  /** How far apart these lines may be; default: 1, 2, 5, 10, …. */
  readonly steps?: readonly number[];
}

interface PlotProps {
  readonly drawing: Drawing;
  readonly statistics: TaskStatistics;
  /** What there is to see, for who does not see it. */
  readonly label: string;
}

const HEIGHT_PX = 190;
const AXIS_PX = 56;
const DAY_SECONDS = 86_400;

export function Plot({ drawing, statistics, label }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const scheme = useComputedColorScheme();
  const { bucketSeconds } = statistics;
  const shown = useRef(statistics);
  shown.current = statistics;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const drawn = new uPlot(
      optionsOf(drawing, () => shown.current, getComputedStyle(element), element.clientWidth),
      dataOf(drawing, shown.current),
      element,
    );
    plot.current = drawn;
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      drawn.destroy();
    };
    // The colours are those of the scheme.
  }, [drawing, scheme, bucketSeconds]);
  useEffect(() => plot.current?.setData(dataOf(drawing, statistics)), [drawing, statistics]);
  return <div ref={box} className="plot" role="img" aria-label={label} />;
}

/** In the middle of each bucket. */
function dataOf({ lines }: Drawing, { buckets, bucketSeconds }: TaskStatistics): uPlot.AlignedData {
  const times = buckets.map(({ start }) => Date.parse(start) / 1_000 + bucketSeconds / 2);
  return [times, ...lines.map(({ value, upTo = value }) => buckets.map(upTo))];
}

function optionsOf(
  { lines, show, mark, steps }: Drawing,
  statistics: () => TaskStatistics,
  style: CSSStyleDeclaration,
  width: number,
): uPlot.Options {
  const colour = (name: string): string => style.getPropertyValue(`--${name}`);
  const { bucketSeconds, buckets } = statistics();
  const long = bucketSeconds * buckets.length > 2 * DAY_SECONDS;
  const format = long
    ? ({ month: 'short', day: 'numeric' } as const)
    : ({ hour: 'numeric', minute: '2-digit' } as const);
  const axis: uPlot.Axis = {
    stroke: colour('mantine-color-dimmed'),
    font: `11px ${style.fontFamily}`,
    gap: 6,
    grid: { stroke: colour('console-line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT_PX,
    padding: [8, 22, 0, 0],
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { range: (_plot, from, to) => [from - bucketSeconds / 2, to + bucketSeconds / 2] },
      y: { range: (_plot, _from, to) => [0, Math.max(1, to * 1.05)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 64,
        values: (_plot, times) => times.map((time) => dateText(new Date(time * 1_000), format)),
      },
      {
        ...axis,
        size: AXIS_PX,
        space: 36,
        ...(steps === undefined ? {} : { incrs: [...steps] }),
        values: (_plot, values) => values.map(mark),
      },
    ],
    series: [
      {
        label: texts.overview.range,
        value: (_plot, time) =>
          time === null ? '' : dayAndTime(new Date((time - bucketSeconds / 2) * 1_000), 'short'),
      },
      ...lines.map(({ label, bars = false, gaps = false, value, colour: name }): uPlot.Series => {
        const stroke = colour(`mantine-color-${name}`);
        const drawnAs = bars ? uPlot.paths.bars?.({ size: [0.72, 36] }) : undefined;
        return {
          label,
          stroke,
          width: bars ? 0 : 2,
          ...(bars ? { fill: stroke } : {}),
          ...(drawnAs === undefined ? {} : { paths: drawnAs }),
          points: { show: gaps, size: 5, fill: stroke },
          value: (_plot, _value, _series, index) => {
            const bucket = index === null ? undefined : statistics().buckets[index];
            return bucket === undefined ? '' : show(value(bucket));
          },
        };
      }),
    ],
  };
}
