/** What a task did, on one time axis: a tree of rows of which only those in view exist. */
import './waterfall.css';
import { ActionIcon, Group, Switch, Text, Tooltip } from '@mantine/core';
import { useElementSize, useMediaQuery } from '@mantine/hooks';
import { IconFold, IconFoldDown, IconZoomIn, IconZoomOut, IconZoomReset } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { traceTexts } from '../../../texts/trace.js';
import { busyIn, toAxis } from './axis.js';
import { canOpen, toRows, type Openness, type SpanRow } from './rows.js';
import { goesOn, type Span } from './spans.js';
import { TimeHeader, TimeLines } from './time-header.js';
import type { TraceStore } from './trace-store.js';
import { onTreeKey } from './tree-keys.js';
import { useNow, useTimeWindow, ZOOM_STEP } from './use-time-window.js';
import { MoreRowView, WaterfallRow } from './waterfall-row.js';

const ROW_PX = 30;
const TALL_ROW_PX = 46;
const HEAD_PX = 30;

interface WaterfallProps {
  readonly root: Span;
  readonly store: TraceStore;
  /** What the task says that it does. */
  readonly doing: string | undefined;
  readonly openness: Openness;
  readonly onOpenness: (change: (before: Openness) => Openness) => void;
  readonly selected: string;
  readonly onSelect: (key: string) => void;
  /** The details of what is selected are wanted. */
  readonly onChoose: () => void;
}

export function Waterfall({ root, store, doing, openness, onOpenness, selected, onSelect, onChoose }: WaterfallProps) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const tall = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const { ref: track, width } = useElementSize();
  const rows = useMemo(() => toRows(root, openness), [root, openness]);
  const live = goesOn(root);
  const [shorten, setShorten] = useState(true);
  const [follow, setFollow] = useState(root.state === 'running');
  const latest = useMemo(() => latestIn(root), [root]);
  const from = root.from ?? latest;
  const now = Math.max(useNow(live, latest - from), latest);
  const to = live ? now : latest;
  const busy = useMemo(() => busyIn(root), [root]);
  const axis = useMemo(() => toAxis(from, to, busy, shorten), [from, to, busy, shorten]);
  const time = useTimeWindow(axis, box);
  const scale = { axis, shown: time.shown, now };
  const at = rows.findIndex(({ key }) => key === selected);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => (tall ? TALL_ROW_PX : ROW_PX),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
    rangeExtractor: useCallback((range: Range) => withRow(at, range), [at]),
    scrollPaddingStart: HEAD_PX,
  });
  useEffect(() => virtual.measure(), [virtual, tall]);
  const go = useCallback(
    (index: number) => {
      const row = rows[index];
      if (row === undefined) return;
      setFollow(false);
      onSelect(row.key);
      virtual.scrollToIndex(index);
    },
    [rows, onSelect, virtual],
  );
  const toggle = useCallback(
    ({ key, open }: SpanRow) => {
      if (open !== undefined) onOpenness((before) => new Map(before).set(key, !open));
    },
    [onOpenness],
  );
  useEffect(() => {
    if (follow && live) virtual.scrollToIndex(rows.length - 1);
  }, [follow, live, rows.length, virtual]);
  const reveal = useRef(false);
  useEffect(() => {
    if (reveal.current || at < 0) return;
    reveal.current = true;
    virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);
  const all = (open: boolean): void => onOpenness(() => new Map(open ? [] : closable(root).map((key) => [key, false])));
  return (
    <section className="panel wf" aria-label={traceTexts.title}>
      <Group justify="space-between" gap="xs" px="sm" py={6} className="wf-tools">
        <Text size="xs" c="dimmed" className="numbers" data-rows={rows.length}>
          {traceTexts.total(rows.length, rows.at(-1)?.kind !== 'more')}
        </Text>
        <Group gap={4}>
          {live ? (
            <Switch
              size="xs"
              label={traceTexts.follow}
              checked={follow}
              onChange={(event) => setFollow(event.currentTarget.checked)}
              mr="xs"
            />
          ) : null}
          <Switch
            size="xs"
            label={traceTexts.shorten}
            checked={shorten}
            onChange={(event) => setShorten(event.currentTarget.checked)}
            mr="xs"
          />
          <Tool label={traceTexts.expand} icon={IconFoldDown} onClick={() => all(true)} />
          <Tool label={traceTexts.collapse} icon={IconFold} onClick={() => all(false)} />
          <Tool label={traceTexts.zoomOut} icon={IconZoomOut} onClick={() => time.zoom(ZOOM_STEP)} off={time.whole} />
          <Tool label={traceTexts.zoomIn} icon={IconZoomIn} onClick={() => time.zoom(1 / ZOOM_STEP)} />
          <Tool label={traceTexts.fit} icon={IconZoomReset} onClick={time.fit} off={time.whole} />
        </Group>
      </Group>
      <div
        ref={box}
        role="treegrid"
        className="wf-grid"
        tabIndex={0}
        aria-label={traceTexts.title}
        aria-describedby={`${id}-keys`}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        onKeyDown={(event) => {
          // What has the focus in a row has keys of its own.
          if (event.target === event.currentTarget) onTreeKey(event, { rows, at, go, toggle, time, choose: onChoose });
        }}
        onFocus={() => at < 0 && go(0)}
        onWheel={(event) => event.deltaY < 0 && setFollow(false)}
      >
        <TimeHeader scale={scale} widthPx={width} />
        <div role="rowgroup" className="wf-body" style={{ height: virtual.getTotalSize() }}>
          <div className="wf-row wf-measure" aria-hidden>
            <div ref={track} className="wf-track" />
          </div>
          <TimeLines scale={scale} widthPx={width} live={live} />
          {virtual.getVirtualItems().map(({ index, start, size }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const place = { id: `${id}-${index}`, index, style: { height: size, transform: `translateY(${start}px)` } };
            if (row.kind === 'more') {
              return <MoreRowView key={row.key} row={row} {...place} onMore={store.more} onRetry={store.refresh} />;
            }
            return (
              <WaterfallRow
                key={row.key}
                row={row}
                {...place}
                doing={row.key === root.key && root.state === 'running' ? doing : undefined}
                scale={scale}
                selected={index === at}
                onSelect={(key) => {
                  onSelect(key);
                  onChoose();
                }}
                onToggle={toggle}
              />
            );
          })}
        </div>
      </div>
      <Text id={`${id}-keys`} size="xs" c="dimmed" className="wf-keys">
        {traceTexts.keys}
      </Text>
    </section>
  );
}

interface ToolProps {
  readonly label: string;
  readonly icon: typeof IconFold;
  readonly onClick: () => void;
  readonly off?: boolean;
}

function Tool({ label, icon: Icon, onClick, off = false }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={onClick} disabled={off}>
        <Icon size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** The row where one is exists wherever the others are scrolled to: the tree names it as the one that has the focus. */
function withRow(at: number, range: Range): number[] {
  const shown = defaultRangeExtractor(range);
  return at < 0 || shown.includes(at) ? shown : [...shown, at].toSorted((one, other) => one - other);
}

/** Milliseconds since 1970. */
function latestIn({ from, to, spans, worked }: Span): number {
  return Math.max(
    from ?? 0,
    to ?? 0,
    ...worked.map((stretch) => stretch.to ?? stretch.from),
    spans.reduce((latest, span) => Math.max(latest, latestIn(span)), 0),
  );
}

/** Everything below the root that can be opened. */
function closable({ spans }: Span): readonly string[] {
  return spans.flatMap((span) => [...(canOpen(span) ? [span.key] : []), ...closable(span)]);
}
