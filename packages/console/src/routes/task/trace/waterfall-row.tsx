/** One row of a waterfall. */
import { Loader, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useEffect, type CSSProperties, type HTMLAttributes } from 'react';
import { traceTexts } from '../../../texts/trace.js';
import { Bar, type Scale } from './bar.js';
import type { MoreRow, SpanRow } from './rows.js';
import { SpanIcon } from './span-icon.js';
import { asideOf, nameOf, spoken, took } from './span-words.js';

const INDENT_PX = 14;

interface PlacedRow {
  readonly id: string;
  /** From 0. */
  readonly index: number;
  readonly style: CSSProperties;
}

interface WaterfallRowProps extends PlacedRow {
  readonly row: SpanRow;
  /** What it says that it does. */
  readonly doing: string | undefined;
  readonly scale: Scale;
  readonly selected: boolean;
  readonly onSelect: (key: string) => void;
  readonly onToggle: (row: SpanRow) => void;
}

export function WaterfallRow({ row, doing, scale, selected, onSelect, onToggle, ...at }: WaterfallRowProps) {
  const { span, level, open, before } = row;
  const aside = asideOf(span, before, doing);
  return (
    <div
      {...placed(at, level)}
      role="row"
      className="wf-row"
      aria-expanded={open}
      aria-selected={selected}
      aria-label={spoken(span, scale.now)}
      data-span={row.key}
      data-kind={span.kind}
      data-state={span.state}
      onClick={() => onSelect(row.key)}
      onDoubleClick={() => onToggle(row)}
    >
      <div role="gridcell" className="wf-name" style={{ paddingLeft: (level - 1) * INDENT_PX }}>
        {open === undefined ? (
          <span className="wf-chevron" />
        ) : (
          <span
            className="wf-chevron"
            data-open={open}
            data-toggle
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              onToggle(row);
            }}
          >
            <IconChevronRight size={14} />
          </span>
        )}
        <SpanIcon kind={span.kind} />
        <span className="wf-label one-line">{nameOf(span)}</span>
        {aside === '' ? null : <span className="wf-aside one-line numbers">{aside}</span>}
      </div>
      <div role="gridcell" className="wf-took numbers">
        {took(span, scale.now)}
      </div>
      <div className="wf-track" aria-hidden>
        <Bar span={span} scale={scale} />
      </div>
    </div>
  );
}

interface MoreProps extends PlacedRow {
  readonly row: MoreRow;
  readonly onMore: (taskId: string) => void;
  readonly onRetry: () => void;
}

/** Reads on as soon as somebody sees it. */
export function MoreRowView({ row, onMore, onRetry, ...at }: MoreProps) {
  const { taskId, error, reading, level } = row;
  useEffect(() => {
    if (error === undefined && !reading) onMore(taskId);
  }, [taskId, error, reading, onMore]);
  return (
    <div {...placed(at, level)} role="row" className="wf-row" data-more>
      <div role="gridcell" className="wf-name" style={{ paddingLeft: level * INDENT_PX }}>
        {error === undefined ? (
          <>
            <Loader size={12} />
            <Text span size="sm" c="dimmed">
              {traceTexts.reading}
            </Text>
          </>
        ) : (
          <>
            <Text span size="sm" c="dimmed" className="one-line">
              {error.message}
            </Text>
            <UnstyledButton className="wf-again" onClick={onRetry}>
              {traceTexts.again}
            </UnstyledButton>
          </>
        )}
      </div>
    </div>
  );
}

/** Rows count from 1, and the first one is the head. */
function placed({ id, index, style }: PlacedRow, level: number): HTMLAttributes<HTMLDivElement> {
  return { id, style, 'aria-level': level, 'aria-rowindex': index + 2 };
}
