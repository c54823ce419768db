/** What a card has wrong is named by its field, with what was expected. */
import { expect, test } from 'vitest';
import { cardFlaws } from '../src/card-flaws.js';

const card = {
  name: 'Heron',
  description: 'Stands on one leg',
  version: '1.0.0',
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  supportedInterfaces: [
    { url: 'https://agents.example.com/heron', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
    { url: 'agents.example.com:443', protocolBinding: 'GRPC', protocolVersion: '1.0' },
  ],
  skills: [{ id: 'stand', name: 'Standing', description: 'On one leg', tags: ['bird'] }],
  signatures: [{ protected: 'e30', signature: 'c2ln' }],
};

test('a card that is right has none, of either version', () => {
  expect(cardFlaws(card)).toEqual([]);
  const { supportedInterfaces: _interfaces, ...old } = card;
  expect(cardFlaws({ ...old, url: 'https://agents.example.com/heron', protocolVersion: '0.3.0' })).toEqual([]);
});

test.each<[string, object, string]>([
  ['name', { name: undefined }, 'expected a text'],
  ['description', { description: '' }, 'expected a text that is not empty'],
  ['capabilities', { capabilities: [] }, 'expected an object'],
  ['capabilities.streaming', { capabilities: { streaming: 'yes' } }, 'expected true or false'],
  ['defaultInputModes', { defaultInputModes: [] }, 'expected at least one media type'],
  ['defaultOutputModes[0]', { defaultOutputModes: [5] }, 'expected a text'],
  ['skills', { skills: {} }, 'expected a list of skills'],
  ['skills[0].tags', { skills: [{ ...card.skills[0], tags: 'bird' }] }, 'expected a list'],
  ['skills[1].id', { skills: [card.skills[0], card.skills[0]] }, 'expected an id that no other skill has'],
  ['signatures[0].signature', { signatures: [{ protected: 'e30' }] }, 'expected a text'],
  ['supportedInterfaces', { supportedInterfaces: [] }, 'expected at least one interface'],
  [
    'supportedInterfaces[0].url',
    { supportedInterfaces: [{ ...card.supportedInterfaces[0], url: '/heron' }] },
    'expected an absolute URL, https://…',
  ],
  [
    'supportedInterfaces[0].protocolVersion',
    { supportedInterfaces: [{ ...card.supportedInterfaces[0], protocolVersion: 'latest' }] },
    'expected a version of A2A, for example 1.0',
  ],
])('%s', (field, wrong, message) => {
  expect(cardFlaws({ ...card, ...wrong })).toEqual([{ field, message }]);
});

test('whatever else it is, it is no card; and a flood of flaws ends', () => {
  for (const value of [undefined, null, 5, 'card', []]) {
    expect(cardFlaws(value)).toEqual([{ field: '', message: 'expected an object' }]);
  }
  expect(cardFlaws({ ...card, defaultInputModes: Array.from({ length: 1_000 }, () => 1) })).toHaveLength(50);
});
