/** What somebody is writing: it survives a reload, the way back, and another tab that writes the same. */
import { useLocalStorage } from '@mantine/hooks';
import { DRAFT } from '../api/drafts.js';

type Change<Draft> = Draft | ((before: Draft) => Draft);

/** Answers with the draft, how to change it, and how to drop it when it was sent. `name` is of one place where people write. */
export function useDraft<Draft>(
  name: string,
  empty: Draft,
): readonly [draft: Draft, change: (change: Change<Draft>) => void, drop: () => void] {
  return useLocalStorage<Draft>({ key: `${DRAFT}${name}`, defaultValue: empty, getInitialValueInEffect: false });
}
