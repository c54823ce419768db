/** What changed between two versions of a text: how many words, and which. */
import './word-diff.css';
import { useMemo } from 'react';
import { ChangedWords, wordChanges, type WordChange } from '../../components/changed-words.js';
import { campaignTexts } from '../../texts/campaign.js';

interface WordDiffProps {
  readonly before: string;
  readonly after: string;
}

export function WordDiff({ before, after }: WordDiffProps) {
  const changes = useMemo(() => wordChanges(before, after), [before, after]);
  const [added, removed] = [changes.filter((one) => one.added), changes.filter((one) => one.removed)].map(wordsIn);
  const told = [
    added === 0 ? '' : campaignTexts.added(added ?? 0),
    removed === 0 ? '' : campaignTexts.removed(removed ?? 0),
  ].filter((part) => part !== '');
  return (
    <div>
      <p className="word-diff-told" role="status">
        {told.length === 0 ? campaignTexts.noChanges : told.join(', ')}
      </p>
      <ChangedWords changes={changes} />
    </div>
  );
}

function wordsIn(changes: readonly WordChange[]): number {
  return changes.flatMap(({ value }) => value).filter((token) => /[\p{L}\p{N}]/u.test(token)).length;
}
