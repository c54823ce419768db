/** What was typed while something was being sent is still there when it was sent. */
import { expect, it } from 'vitest';
import { changedSince, typedSince } from '../src/components/typed-since.js';
import { editedSince, standingOf, type Edit } from '../src/routes/campaign/edit.js';

const edit = (text: string): Edit => ({ revision: 2, content: { text } });

it('of a text the rest is left', () => {
  expect(typedSince('Shorten it, and more', 'Shorten it,')).toBe('and more');
  expect(typedSince('Shorten it', 'Shorten it')).toBe('');
  expect(typedSince('Something else', 'Shorten it')).toBe('Something else');
});

it('of notes those are left that were not sent, and what was added', () => {
  const sent = { post: 'Shorten', page: 'Fine', mail: 'No' };
  const now = { post: 'Shorten and add a link', page: 'Fine', mail: 'No', tweet: 'Louder' };
  expect(changedSince(now, sent, typedSince)).toEqual({ post: 'and add a link', tweet: 'Louder' });
});

it('of marks those are left that were set since', () => {
  expect(changedSince({ post: 1, page: 2 }, { post: 1, page: 1 })).toEqual({ page: 2 });
});

it('an edit that was saved goes, one that was typed on is of what was saved', () => {
  const others = { page: edit('untouched') };
  const sent = { post: edit('saved') };
  expect(changedSince({ ...others, ...sent }, sent, editedSince)).toEqual(others);
  const left = changedSince({ ...others, post: edit('saved, and more') }, sent, editedSince);
  expect(left).toEqual({ ...others, post: { revision: 3, behind: 2, content: { text: 'saved, and more' } } });
  const [post] = Object.values(left).filter(({ revision }) => revision === 3);
  expect([2, 3, 4].map((newest) => post && standingOf(post, newest))).toEqual(['early', 'fresh', 'stale']);
});

it('an edit that was begun anew meanwhile is not of what was saved', () => {
  const now = { ...edit('mine'), revision: 5 };
  expect(editedSince(now, edit('saved'))).toBe(now);
});
