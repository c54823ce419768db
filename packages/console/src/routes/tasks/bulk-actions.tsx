/** The bar below the list while tasks are selected: what can be done with them, or with all that match the filters. */
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { Task } from '@continuo/client';
import { number } from '../../formats.js';
import { taskListTexts } from '../../texts/task-list.js';
import { BulkDialog, type Chosen } from './bulk-dialog.js';
import type { TaskFilters } from './filters.js';
import { isPossible } from './find-matching.js';
import type { Action } from './touched.js';

interface BulkActionsProps {
  /** Those that are selected by themselves. */
  readonly tasks: readonly Task[];
  /** Set where all that match are selected, loaded or not. */
  readonly all: boolean;
  readonly filters: TaskFilters;
  /** How many match, as far as that is known. */
  readonly total: number;
  readonly onAll: () => void;
  readonly onDone: () => void;
}

export function BulkActions({ tasks, all, filters, total, onAll, onDone }: BulkActionsProps) {
  const [action, setAction] = useState<Action>();
  const can = (which: Action): boolean => all || tasks.some((task) => isPossible(which, task));
  const chosen: Chosen = all ? { filters } : { tasks };
  return (
    <div className="bulk-bar">
      <Text size="sm" fw={500} role="status">
        {all ? taskListTexts.allSelected(number(total)) : taskListTexts.selected(tasks.length)}
      </Text>
      {all || total <= tasks.length ? null : (
        <Button size="xs" variant="subtle" onClick={onAll}>
          {taskListTexts.selectAll(number(total))}
        </Button>
      )}
      <Button size="xs" variant="default" disabled={!can('cancel')} onClick={() => setAction('cancel')}>
        {taskListTexts.act.cancel}
      </Button>
      <Button size="xs" variant="default" disabled={!can('retry')} onClick={() => setAction('retry')}>
        {taskListTexts.act.retry}
      </Button>
      <Button size="xs" variant="default" disabled={!can('delete')} onClick={() => setAction('delete')}>
        {taskListTexts.act.delete}
      </Button>
      <Button size="xs" variant="subtle" color="gray" c="dimmed" onClick={onDone}>
        {taskListTexts.deselect}
      </Button>
      {action === undefined ? null : (
        <BulkDialog action={action} chosen={chosen} onClose={() => setAction(undefined)} onDone={onDone} />
      )}
    </div>
  );
}
