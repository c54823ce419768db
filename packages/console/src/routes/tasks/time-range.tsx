/** When the tasks have changed that are shown: the last hour, 24 hours or 7 days, or a range that is typed. */
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { taskListTexts } from '../../texts/task-list.js';
import { lastTimes, toTaskFilters, type TaskFilters } from './filters.js';

const CUSTOM = 'custom';
const MINUTE_MS = 60_000;

interface TimeRangeProps {
  readonly filters: TaskFilters;
  readonly onChange: (filters: TaskFilters) => void;
}

export function TimeRange({ filters, onChange }: TimeRangeProps) {
  const { last, from, to } = filters;
  const isTyped = from !== undefined || to !== undefined;
  const [custom, setCustom] = useState(isTyped);
  const change = (part: Record<string, unknown>): void =>
    onChange(toTaskFilters({ ...filters, last: undefined, from: undefined, to: undefined, ...part }));
  const { times } = taskListTexts;
  return (
    <>
      <Select
        aria-label={taskListTexts.time}
        placeholder={times.any}
        data={[...lastTimes, CUSTOM].map((value) => ({ value, label: times[value as keyof typeof times] }))}
        value={isTyped || (custom && last === undefined) ? CUSTOM : (last ?? null)}
        onChange={(value) => {
          setCustom(value === CUSTOM);
          if (value !== CUSTOM) change({ last: value });
          else if (last !== undefined) change({});
        }}
        clearable
        clearButtonProps={{ 'aria-label': times.any }}
        style={{ flex: '1 1 140px', maxWidth: 170 }}
      />
      {isTyped || (custom && last === undefined) ? (
        <>
          <Moment label={taskListTexts.from} at={from} onChange={(at) => change({ from: at, to })} />
          <Moment label={taskListTexts.to} at={to} onChange={(at) => change({ from, to: at })} />
        </>
      ) : null}
    </>
  );
}

interface MomentProps {
  readonly label: string;
  readonly at: string | undefined;
  readonly onChange: (at: string | undefined) => void;
}

/** As the browser has people enter a day and a time, in their own zone. */
function Moment({ label, at, onChange }: MomentProps) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      value={at === undefined ? '' : localMinute(new Date(at))}
      onChange={({ currentTarget: { value } }) => onChange(value === '' ? undefined : new Date(value).toISOString())}
      style={{ flex: '1 1 180px', maxWidth: 220 }}
    />
  );
}

/** `2026-03-01T14:05`, in the zone of the browser. */
function localMinute(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}
