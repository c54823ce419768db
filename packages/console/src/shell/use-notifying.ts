/** The switch for notifications of the browser: whether they are on, and how to change that. */
import { notifications } from '@mantine/notifications';
import { useSyncExternalStore } from 'react';
import { texts } from '../texts.js';
import { isNotifying, setNotifying, watchNotifying } from './notifying.js';

export function useNotifying(): readonly [boolean, () => void] {
  const on = useSyncExternalStore(watchNotifying, isNotifying);
  const toggle = async (): Promise<void> => {
    const now = await setNotifying(!on);
    if (!on && !now) notifications.show({ message: texts.attention.refused });
  };
  return [on, () => void toggle()];
}
