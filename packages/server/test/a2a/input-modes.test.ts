/** Which media types an agent takes, as its card spells them: with parameters, in capitals, as wildcards or as 0.3 has them. */
import type { AgentCard } from '@a2a-js/sdk';
import { expect, it } from 'vitest';
import { refuseOtherModes } from '../../src/a2a/input-modes.js';

const text = { text: 'hello' };
const data = { data: { a: 1 } };
const png = { raw: 'aGk=', mediaType: 'image/png' };

const takes = (modes: readonly string[], part: object): boolean => {
  const card = { defaultInputModes: modes, skills: [] } as unknown as AgentCard;
  try {
    refuseOtherModes({ parts: [part] }, card);
    return true;
  } catch {
    return false;
  }
};

it.each([
  [['text/plain; charset=utf-8'], [true, false, false]],
  [['Text/Plain'], [true, false, false]],
  [[' application/json ;v=1'], [false, true, false]],
  [['image/*'], [false, false, true]],
  [['*/*'], [true, true, true]],
  [['*'], [true, true, true]],
  [['text'], [true, false, false]],
  [['data'], [false, true, false]],
  [
    ['text', 'file'],
    [true, true, true],
  ],
  [['image'], [false, false, true]],
  [[], [true, true, true]],
])('%j', (modes, taken) => {
  expect([text, data, png].map((part) => takes(modes, part))).toEqual(taken);
});

it('a part that is spelled otherwise is taken as well', () => {
  for (const mediaType of ['TEXT/PLAIN', ' text/plain ;charset="utf-8"', 'text/markdown', 'text'])
    expect([mediaType, takes(['text/plain'], { ...text, mediaType })]).toEqual([mediaType, true]);
});
