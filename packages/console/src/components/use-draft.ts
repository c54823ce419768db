/** What somebody is writing: it survives a reload, the way back, and another tab that writes the same. */
import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks';
import { DRAFT } from '../api/drafts.js';
import { isSame } from './typed-since.js';

type Change<Draft> = Draft | ((before: Draft) => Draft);

/**
 * Answers with the draft, how to change it, how to drop it, and how to settle it when it was sent: what was typed since is
 * what `rest` leaves of it. `name` is of one place where people write. The last two work when that place is gone as well.
 */
export function useDraft<Draft>(
  name: string,
  empty: Draft,
): readonly [
  draft: Draft,
  change: (change: Change<Draft>) => void,
  drop: () => void,
  settle: (rest: (now: Draft) => Draft) => void,
] {
  const key = `${DRAFT}${name}`;
  const [draft, change, drop] = useLocalStorage<Draft>({ key, defaultValue: empty, getInitialValueInEffect: false });
  const settle = (rest: (now: Draft) => Draft): void => {
    const left = rest(readLocalStorageValue({ key, defaultValue: empty }));
    if (isSame(left, empty)) drop();
    else change(left);
  };
  return [draft, change, drop, settle];
}
