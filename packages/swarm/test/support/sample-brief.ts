/** A brief as people write it, and one with everything. */
import { parseBrief, type Brief } from '../../src/brief/brief.js';

export const sample = {
  product: 'Aqua: A bottle that cools water by itself. It keeps a litre cold for 12 hours.',
  audience: 'hikers',
  goal: '500 preorders',
  channels: [
    'landing page',
    'blog post',
    'email sequence',
    'LinkedIn',
    'X thread',
    'Instagram',
    'ad copy',
    'press release',
  ],
  tone: 'friendly',
  language: 'en',
  budget: { amount: 5_000, currency: 'EUR' },
  startDate: '2027-03-01',
  url: 'https://aqua.example/shop?ref=home',
} as const;

export function sampleBrief(changes: Readonly<Record<string, unknown>> = {}): Brief {
  return parseBrief({ ...sample, ...changes });
}
