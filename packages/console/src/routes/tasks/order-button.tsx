/** Says in which order the tasks stand, and turns it round. */
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { texts } from '../../texts.js';
import { taskListTexts } from '../../texts/task-list.js';
import type { TaskFilters } from './filters.js';

interface OrderButtonProps {
  readonly order: TaskFilters['order'];
  readonly onChange: (order: TaskFilters['order']) => void;
}

export function OrderButton({ order, onChange }: OrderButtonProps) {
  const Arrow = order === 'asc' ? IconArrowUp : IconArrowDown;
  const turned = order === 'asc' ? taskListTexts.newestFirst : taskListTexts.oldestFirst;
  return (
    <button
      type="button"
      className="order-button"
      title={turned}
      onClick={() => onChange(order === 'asc' ? undefined : 'asc')}
    >
      {texts.tasks.changed}
      <Arrow size={14} aria-hidden />
    </button>
  );
}
