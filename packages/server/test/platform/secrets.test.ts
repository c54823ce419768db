/** Secrets in texts, and those that become known while a server runs. */
import { expect, it } from 'vitest';
import { hideAsWell, HIDDEN, hiding, hidingLearned, hidingLooks } from '../../src/platform/secrets.js';

it('of very many secrets the newest stay hidden, long and short, and also as they are in JSON', () => {
  hideAsWell(Array.from({ length: 2_000 }, (_, n) => `secret-${String(n).padStart(4, '0')}`));
  hideAsWell(['a secret that is "longer" than all the others']);
  hideAsWell(['the-last']);
  expect(hidingLearned('a secret that is "longer" than all the others, the-last')).toBe(`${HIDDEN}, ${HIDDEN}`);
  expect(hidingLearned(JSON.stringify('a secret that is "longer" than all the others'))).toBe(`"${HIDDEN}"`);
  expect(hidingLearned('secret-1999')).toBe(HIDDEN);
  expect(hidingLearned('secret-0000')).toBe('secret-0000');
});

it('a secret within another leaves nothing of either', () => {
  hideAsWell(['Bearer tell-nobody', 'tell-nobody']);
  expect(hidingLearned('Bearer tell-nobody and tell-nobody')).toBe(`${HIDDEN} and ${HIDDEN}`);
});

it('a secret is hidden as it is, in JSON within JSON, and in addresses', () => {
  const secret = `${String.raw`pass"word\with/signs+.*`}\nand lines`;
  const hide = hiding([secret]);
  const once = JSON.stringify({ secret });
  for (const text of [
    secret,
    once,
    JSON.stringify({ once }),
    `https://remote.example/?key=${encodeURIComponent(secret)}`,
  ]) {
    expect(hide(text)).toContain(HIDDEN);
    expect(hide(text)).not.toContain('word');
  }
});

it('texts that look like nothing but beginnings of secrets are gone through as fast as others', () => {
  const beginnings = ['\\', '"', '\\"', 'token', '"token":"', 'a-', '://a:', 'Bearer ', ' '];
  for (const text of beginnings.map((beginning) => beginning.repeat(300_000))) {
    expect(hidingLooks(`"secret":"hush" ${text}`)).not.toContain('hush');
  }
});

it.each([0, 1, 2, 3])(
  'a value behind the name of a secret is hidden to its end, quotes and all, %i times within JSON',
  (times) => {
    const value = String.raw`be"hush"hush\"hush`;
    let text = JSON.stringify({ password: value, user: 'ada' });
    for (let time = 0; time < times; time += 1) text = JSON.stringify({ said: text, by: 'eve' });
    const shown = hidingLooks(text);
    expect(shown).not.toContain('hush');
    expect(shown).toContain('ada');
    expect(times === 0 || shown.includes('eve')).toBe(true);
  },
);
