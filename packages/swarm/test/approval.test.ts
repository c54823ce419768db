/** What answers to the question of approval mean. */
import { describe, expect, it } from 'vitest';
import { answerSchema, decisionOf, ownFindings } from '../src/approval.js';
import type { Piece } from '../src/campaign/piece.js';

const pieces = ['linkedin', 'x-thread', 'ad-copy'] as const;

/** The decision, with the notes for each piece as an object. */
function decide(answer: unknown): unknown {
  const decision = decisionOf({ data: answerSchema(pieces).parse(answer) }, pieces);
  return decision.kind === 'change' ? { kind: 'change', notes: Object.fromEntries(decision.notes) } : decision;
}

const post: Piece = { channel: 'linkedin', content: { post: 'Aqua cools water.' }, revision: 2, cut: [] };
const edit = (revision: number) => ({ linkedin: { revision, content: { post: 'Aqua keeps water cold.' } } });

it('says of each piece what is to become of it; what is to change is not approved', () => {
  const answer = {
    decision: 'review',
    approve: ['LinkedIn', 'ad-copy'],
    changes: { 'ad-copy': 'Shorter than the X thread' },
    edits: edit(2),
  };
  const decision = decisionOf({ data: answerSchema(pieces, [post]).parse(answer) }, pieces);
  expect(decision).toEqual({
    kind: 'review',
    approve: ['linkedin'],
    notes: new Map([['ad-copy', 'Shorter than the X thread']]),
    edits: new Map([['linkedin', { post: 'Aqua keeps water cold.' }]]),
  });
});

it.each([
  ['of an older revision', edit(1)],
  ['of a piece that nobody asks about', { instagram: { revision: 1, content: { caption: 'x', hashtags: [] } } }],
  ['of another shape', { linkedin: { revision: 2, content: { text: 'x' } } }],
])('refuses an edit %s', (_, edits) => {
  expect(answerSchema(pieces, [post]).safeParse({ decision: 'review', edits }).success).toBe(false);
});

it('tells of limits that an edit has passed', () => {
  expect(ownFindings({ ...post, editedBy: 'owner', content: { post: 'x'.repeat(3_001) } })).toEqual([
    'post has 3001 characters, at most 3000 fit.',
  ]);
});

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
    [
      { decision: 'approve', pieces: ['LinkedIn'] },
      { kind: 'approve', notes: '', pieces: ['linkedin'] },
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
