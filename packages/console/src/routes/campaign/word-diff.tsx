/** What changed between two versions, word by word. Words are elements and no HTML, whatever stands in them. */
import './word-diff.css';
import { diffArrays, type ChangeObject } from 'diff';
import { useMemo } from 'react';
import { campaignTexts } from '../../texts/campaign.js';

/** Texts that have so little in common that it takes longer are shown one after the other. */
const MOST_MS = 500;

interface WordDiffProps {
  readonly before: string;
  readonly after: string;
}

export function WordDiff({ before, after }: WordDiffProps) {
  const changes = useMemo(() => compared(before, after), [before, after]);
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
      <div className="word-diff any-line">
        {changes.map(({ added: isNew, removed: isGone, value }, index) => {
          const text = value.join('');
          if (isNew) return <ins key={index}>{text}</ins>;
          return isGone ? <del key={index}>{text}</del> : <span key={index}>{text}</span>;
        })}
      </div>
    </div>
  );
}

type Change = ChangeObject<readonly string[]>;

function compared(before: string, after: string): readonly Change[] {
  const [old, now] = [tokensOf(before), tokensOf(after)];
  const found = diffArrays(old, now, { timeout: MOST_MS }) as readonly Change[] | undefined;
  return (
    found ?? [
      { value: old, added: false, removed: true, count: old.length },
      { value: now, added: true, removed: false, count: now.length },
    ]
  );
}

/** Together they are the text; also of languages that put no spaces between words. */
function tokensOf(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment);
}

function wordsIn(changes: readonly Change[]): number {
  return changes.flatMap(({ value }) => value).filter((token) => /[\p{L}\p{N}]/u.test(token)).length;
}
