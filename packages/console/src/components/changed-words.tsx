/** What changed between two texts, word by word. Words are elements and no HTML, whatever stands in them. */
import './changed-words.css';
import { diffArrays, type ChangeObject } from 'diff';

/** Texts that have so little in common that it takes longer are shown one after the other. */
const MOST_MS = 500;

export type WordChange = ChangeObject<readonly string[]>;

export function wordChanges(before: string, after: string): readonly WordChange[] {
  const [old, now] = [tokensOf(before), tokensOf(after)];
  const found = diffArrays(old, now, { timeout: MOST_MS }) as readonly WordChange[] | undefined;
  return (
    found ?? [
      { value: old, added: false, removed: true, count: old.length },
      { value: now, added: true, removed: false, count: now.length },
    ]
  );
}

export function ChangedWords({ changes }: { readonly changes: readonly WordChange[] }) {
  return (
    <div className="changed-words any-line">
      {changes.map(({ added, removed, value }, index) => {
        const text = value.join('');
        if (added) return <ins key={index}>{text}</ins>;
        return removed ? <del key={index}>{text}</del> : <span key={index}>{text}</span>;
      })}
    </div>
  );
}

/** Together they are the text; also of languages that put no spaces between words. */
function tokensOf(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment);
}
