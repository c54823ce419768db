/** The states as chips, each with how many tasks there are in it. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { taskStates, type TaskState } from '@continuo/client/facts';
import { number } from '../../formats.js';
import { colourOf, heldColour } from '../../components/state-label.js';
import { texts } from '../../texts.js';
import { taskListTexts } from '../../texts/task-list.js';
import { toTaskFilters, type TaskFilters } from './filters.js';
import { taskCounts } from './task-counts.js';

/** What the API counts exactly. */
const EXACT = 2_000;

/** Shown also where there are none; the others are rare. */
const usual: ReadonlySet<TaskState> = new Set(['WORKING', 'INPUT_REQUIRED', 'COMPLETED', 'FAILED']);

interface StateChipsProps {
  readonly filters: TaskFilters;
  readonly onChange: (filters: TaskFilters) => void;
}

export function StateChips({ filters, onChange }: StateChipsProps) {
  const { data: counts } = useQuery(taskCounts(filters));
  const show = (part: Pick<TaskFilters, 'state' | 'held'>): void =>
    onChange(toTaskFilters({ ...filters, state: undefined, held: undefined, ...part }));
  const isAll = filters.state === undefined && filters.held === undefined;
  return (
    <div className="state-chips" role="group" aria-label={texts.tasks.state}>
      <Chip
        label={taskListTexts.all}
        count={counts && inWords(Object.values(counts.states))}
        pressed={isAll}
        onClick={() => show({})}
      />
      {taskStates
        .filter((state) => usual.has(state) || filters.state === state || (counts?.states[state] ?? 0) > 0)
        .map((state) => (
          <Chip
            key={state}
            label={texts.states[state]}
            colour={colourOf(state)}
            count={counts && inWords([counts.states[state]])}
            pressed={filters.state === state}
            onClick={() => show(filters.state === state ? {} : { state })}
          />
        ))}
      {filters.held === undefined && (counts?.held ?? 0) === 0 ? null : (
        <Chip
          label={texts.held.label}
          colour={heldColour}
          count={counts && inWords([counts.held])}
          pressed={filters.held !== undefined}
          onClick={() => show(filters.held === undefined ? { held: 'true' } : {})}
        />
      )}
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly colour?: string;
  readonly count: string | undefined;
  readonly pressed: boolean;
  readonly onClick: () => void;
}

function Chip({ label, colour, count, pressed, onClick }: ChipProps) {
  return (
    <Button
      size="compact-sm"
      radius="xl"
      variant={pressed ? 'light' : 'default'}
      aria-pressed={pressed}
      leftSection={colour === undefined ? undefined : <span className="dot" style={{ background: colour }} />}
      rightSection={
        <span className="numbers" data-count>
          {count}
        </span>
      }
      flex="none"
      fw={500}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

/** Of one state, or of all. */
function inWords(counts: readonly number[]): string {
  const sum = counts.reduce((before, n) => before + Math.min(n, EXACT), 0);
  return counts.some((n) => n > EXACT) ? taskListTexts.more(sum) : number(sum);
}
