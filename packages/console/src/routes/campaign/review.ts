/** What the swarm asks to have approved, and the answer that a person's review makes. */
import type { Part } from '@continuo/client';
import { fieldsIn, textIn, type Question } from '@continuo/client/facts';
import type { Content } from '@continuo/swarm/shape';

export interface PieceInReview {
  /** `landing-page` */
  readonly piece: string;
  /** The name of its artifact. */
  readonly file: string;
  readonly revision: number;
  readonly findings: readonly string[];
}

/** Empty where the question is another one. */
export function piecesIn(question: Question | undefined): readonly PieceInReview[] {
  const data = question?.message?.parts.map((part) => part.data).find((value) => value !== undefined);
  const pieces = (data as { readonly pieces?: unknown } | undefined)?.pieces;
  if (!Array.isArray(pieces)) return [];
  return pieces.flatMap((given: unknown) => {
    const fields = fieldsIn({ given }, 'given');
    const piece = textIn(fields, 'piece');
    const findings = fields?.['findings'];
    if (piece === undefined) return [];
    return [
      {
        piece,
        file: textIn(fields, 'file') ?? '',
        revision: Number(fields?.['revision'] ?? 0),
        findings: Array.isArray(findings) ? findings.map(String) : [],
      },
    ];
  });
}

/** Whether the answer may speak of pieces one by one; a campaign that was begun long ago may ask as its server did then. */
export function takesReviews(question: Question | undefined): boolean {
  return JSON.stringify(question?.schema ?? {}).includes('"const":"review"');
}

/** The notes by piece; pieces without notes stay as they are. */
export type Notes = Readonly<Record<string, string>>;
/** The revision of each piece that was found good. A newer one is looked at again. */
export type Marks = Readonly<Record<string, number>>;

export interface Review {
  readonly approved: readonly string[];
  /** The piece, and what is to change in it. */
  readonly changes: readonly (readonly [string, string])[];
}

/** A piece with a note is not approved. */
export function reviewOf(pieces: readonly PieceInReview[], notes: Notes, marks: Marks): Review {
  const changes = pieces.flatMap(({ piece }) => {
    const note = notes[piece]?.trim() ?? '';
    return note === '' ? [] : [[piece, note] as const];
  });
  const approved = pieces
    .filter(({ piece, revision }) => marks[piece] === revision && !changes.some(([name]) => name === piece))
    .map(({ piece }) => piece);
  return { approved, changes };
}

export const approveAll: readonly Part[] = [{ data: { decision: 'approve' } }];

export function toReview({ approved, changes }: Review): readonly Part[] {
  return [
    {
      data: {
        decision: 'review',
        ...(approved.length === 0 ? {} : { approve: approved }),
        ...(changes.length === 0 ? {} : { changes: Object.fromEntries(changes) }),
      },
    },
  ];
}

export function toEdit(piece: string, revision: number, content: Content): readonly Part[] {
  return [{ data: { decision: 'review', edits: { [piece]: { revision, content } } } }];
}

/** For a question that takes no reviews: notes for several pieces are lines of text, each of which names its piece. */
export function toChange({ changes }: Review): readonly Part[] {
  const [first] = changes;
  if (first !== undefined && changes.length === 1) {
    return [{ data: { decision: 'change', notes: first[1], pieces: [first[0]] } }];
  }
  return [{ text: changes.map(([piece, text]) => `${piece}: ${text.replaceAll(/\s*\n\s*/g, ' ')}`).join('\n') }];
}
