/** Says in which order the tasks stand, and turns it round. */
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { texts } from '../../texts.js';
import type { TaskFilters } from './filters.js';

interface OrderButtonProps {
  readonly order: TaskFilters['order'];
  readonly onChange: (order: TaskFilters['order']) => void;
}

export function OrderButton({ order, onChange }: OrderButtonProps) {
  const Arrow = order === 'asc' ? IconArrowUp : IconArrowDown;
  const turned = order === 'asc' ? texts.tasks.newestFirst : texts.tasks.oldestFirst;
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
