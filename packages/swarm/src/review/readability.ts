/** How easy a text is to read, by Flesch's formula for English. */
import { flesch } from 'flesch';
import { syllable } from 'syllable';
import { sentencesOf } from '../channels/cut.js';

export interface Readability {
  readonly sentences: number;
  readonly words: number;
  /** Flesch reading ease: 60 to 70 is plain English, below 30 is for specialists. Null where it can't be computed. */
  readonly readingEase: number | null;
}

export function readabilityOf(text: string, language: string): Readability {
  const plain = text.replaceAll(/https?:\/\/\S+/g, '');
  const sentences = plain
    .split('\n')
    .flatMap((line) => sentencesOf(line))
    .filter((sentence) => /\p{L}/u.test(sentence)).length;
  const words = plain.match(/\p{L}[\p{L}\p{N}'’-]*/gu) ?? [];
  const english = /^en(glish)?\b/i.test(language);
  if (!english || words.length === 0) return { sentences, words: words.length, readingEase: null };
  const syllables = words.reduce((sum, word) => sum + Math.max(1, syllable(word)), 0);
  const ease = flesch({ sentence: Math.max(1, sentences), word: words.length, syllable: syllables });
  return { sentences, words: words.length, readingEase: Math.round(ease * 10) / 10 };
}
