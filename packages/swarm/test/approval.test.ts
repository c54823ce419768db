/** What answers to the question of approval mean. */
import { describe, expect, it } from 'vitest';
import { answerSchema, decisionOf } from '../src/approval.js';

const pieces = ['linkedin', 'x-thread', 'ad-copy'] as const;

/** The decision, with the notes for each piece as an object. */
function decide(answer: unknown): unknown {
  const decision = decisionOf({ data: answerSchema(pieces).parse(answer) }, pieces);
  return decision.kind === 'change' ? { kind: 'change', notes: Object.fromEntries(decision.notes) } : decision;
}

describe('an answer', () => {
  it.each([
    ['approve', { kind: 'approve', notes: '' }],
    ['Approved!', { kind: 'approve', notes: '' }],
    ['yes', { kind: 'approve', notes: '' }],
    ['I approve everything.', { kind: 'approve', notes: '' }],
    ['reject', { kind: 'reject', notes: '' }],
    ['Reject: too expensive', { kind: 'reject', notes: 'too expensive' }],
    [{ decision: 'approve' }, { kind: 'approve', notes: '' }],
    [
      { decision: 'reject', notes: 'too late' },
      { kind: 'reject', notes: 'too late' },
    ],
    ['Make the LinkedIn post shorter', { kind: 'change', notes: { linkedin: 'Make the LinkedIn post shorter' } }],
    [
      'approve, but shorten the X thread',
      { kind: 'change', notes: { 'x-thread': 'approve, but shorten the X thread' } },
    ],
    ['No exclamation marks in the ads', { kind: 'change', notes: { 'ad-copy': 'No exclamation marks in the ads' } }],
    [
      'Please:\nLinkedIn: shorter\nX: funnier',
      { kind: 'change', notes: { linkedin: 'Please:\nLinkedIn: shorter', 'x-thread': 'Please:\nX: funnier' } },
    ],
    [
      'More colour',
      { kind: 'change', notes: { linkedin: 'More colour', 'x-thread': 'More colour', 'ad-copy': 'More colour' } },
    ],
    [
      { decision: 'change', notes: 'Shorter', pieces: ['twitter', 'ad-copy'] },
      { kind: 'change', notes: { 'x-thread': 'Shorter', 'ad-copy': 'Shorter' } },
    ],
    [
      { decision: 'change', notes: 'Shorten LinkedIn' },
      { kind: 'change', notes: { linkedin: 'Shorten LinkedIn' } },
    ],
  ])('%j is %j', (answer, decision) => {
    expect(decide(answer)).toEqual(decision);
  });

  it.each([
    [''],
    [{}],
    [{ decision: 'perhaps' }],
    [{ decision: 'change' }],
    [{ decision: 'change', notes: 'x', pieces: ['fax'] }],
    [{ decision: 'change', notes: 'x', pieces: ['instagram'] }],
  ])('%j is none', (answer) => {
    expect(answerSchema(pieces).safeParse(answer).success).toBe(false);
  });
});
