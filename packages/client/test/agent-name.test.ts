/** What agents of other servers are called here. */
import { expect, it } from 'vitest';
import { agentNameFrom } from '../src/index.js';

it.each([
  ['Weather Agent', 'weather-agent'],
  ['Café – Finder!', 'cafe-finder'],
  ['agents.example.com', 'agents-example-com'],
  ['天気', ''],
  ['x'.repeat(60), 'x'.repeat(40)],
])('%s is %s', (text, name) => {
  expect(agentNameFrom(text)).toBe(name);
});
