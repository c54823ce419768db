/** What the swarm asks to have approved, and the answer that a person's notes make. */
import type { Part } from '@continuo/client';
import { fieldsIn, textIn, type Question } from '@continuo/client/facts';

export interface PieceInReview {
  /** `landing-page` */
  readonly piece: string;
  /** The name of its artifact. */
  readonly file: string;
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
      { piece, file: textIn(fields, 'file') ?? '', findings: Array.isArray(findings) ? findings.map(String) : [] },
    ];
  });
}

/** The notes by piece; pieces without notes stay as they are. */
export type Notes = Readonly<Record<string, string>>;

export function changesIn(notes: Notes): readonly (readonly [string, string])[] {
  return Object.entries(notes).flatMap(([piece, text]) => (text.trim() === '' ? [] : [[piece, text.trim()] as const]));
}

/** Notes for several pieces are lines of text, each of which names its piece. */
export function toChange(notes: Notes): readonly Part[] {
  const changes = changesIn(notes);
  const [first] = changes;
  if (first !== undefined && changes.length === 1) {
    return [{ data: { decision: 'change', notes: first[1], pieces: [first[0]] } }];
  }
  return [{ text: changes.map(([piece, text]) => `${piece}: ${text.replaceAll(/\s*\n\s*/g, ' ')}`).join('\n') }];
}
