/** What people are asked before a campaign is published, and what their answers mean. */
import { z } from 'zod';
import type { InputAnswer } from '@continuo/agent';
import type { Brief } from './brief/brief.js';
import { fileOf, type Piece } from './campaign/piece.js';
import { channelNamed, channelOf, channelsIn, type ChannelId } from './channels/channels.js';
import type { Review } from './members/reviewer.js';

/** The answer's text, or its data; it may name pieces of this campaign alone. */
export function answerSchema(pieces: readonly ChannelId[]): z.ZodType<ApprovalAnswer> {
  const isOne = (name: string): boolean => pieces.some((piece) => piece === channelNamed(name));
  return z.union([
    z.string().trim().min(1).describe('approve, reject, or the changes that are wanted'),
    z
      .object({
        decision: z.enum(['approve', 'change', 'reject']),
        notes: z.string().trim().min(1).optional(),
        pieces: z
          .array(z.string().refine(isOne, `expected some of ${pieces.join(', ')}`))
          .min(1)
          .optional(),
      })
      .refine(({ decision, notes }) => decision !== 'change' || notes !== undefined, {
        path: ['notes'],
        message: 'expected the changes that are wanted',
      }),
  ]);
}

export type ApprovalAnswer =
  | string
  | {
      readonly decision: 'approve' | 'change' | 'reject';
      readonly notes?: string | undefined;
      readonly pieces?: readonly string[] | undefined;
    };

export type Decision =
  | { readonly kind: 'approve'; readonly notes: string }
  | { readonly kind: 'reject'; readonly notes: string }
  /** What is to change in each of the pieces concerned. */
  | { readonly kind: 'change'; readonly notes: ReadonlyMap<ChannelId, string> };

const APPROVES =
  /^(?:(?:i )?(?:approved?|accept(?:ed)?)(?: (?:it|this|all|everything|the campaign))?|yes|ok|okay|lgtm|looks good|go ahead|publish(?: it)?)[\s.!]*$/i;
const REJECTS = /^(?:no[\s.!]*$|reject(?:ed)?\b[\s.:,;–—-]*)/i;

/** Only a plain approval approves; whatever else is said is a change, and asked about again. */
export function decisionOf(
  { data }: Pick<InputAnswer<ApprovalAnswer>, 'data'>,
  pieces: readonly ChannelId[],
): Decision {
  if (typeof data === 'string') {
    if (APPROVES.test(data)) return { kind: 'approve', notes: '' };
    if (REJECTS.test(data)) return { kind: 'reject', notes: data.replace(REJECTS, '').trim() };
    return { kind: 'change', notes: notesByPiece(data, pieces) };
  }
  const { decision, notes = '' } = data;
  if (decision !== 'change') return { kind: decision, notes };
  if (data.pieces === undefined) return { kind: decision, notes: notesByPiece(notes, pieces) };
  const named = data.pieces.map(channelNamed);
  return {
    kind: decision,
    notes: new Map(pieces.filter((piece) => named.includes(piece)).map((piece) => [piece, notes])),
  };
}

/** A line that names pieces is for those, the others are for all that are named anywhere; where none is, for every piece. */
function notesByPiece(said: string, pieces: readonly ChannelId[]): ReadonlyMap<ChannelId, string> {
  const lines = said
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ line, named: channelsIn(line).filter((piece) => pieces.includes(piece)) }));
  const named = pieces.filter((piece) => lines.some((line) => line.named.includes(piece)));
  const concerned = named.length === 0 ? pieces : named;
  return new Map(
    concerned.map((piece) => {
      const own = lines.filter((line) => line.named.length === 0 || line.named.includes(piece));
      return [piece, own.map(({ line }) => line.trim()).join('\n')];
    }),
  );
}

/** The question in words, and what it is about as data. */
export function questionOf(brief: Brief, pieces: readonly Piece[], reviews: readonly Review[]) {
  const about = pieces.map((piece) => ({
    piece: piece.channel,
    file: fileOf(piece),
    revision: piece.revision,
    findings: reviews
      .filter(({ channel }) => channel === piece.channel)
      .flatMap(({ findings }) => findings.map(({ note }) => note)),
  }));
  const lines = about.map(({ piece, file, findings }) => {
    const left = findings.length === 0 ? 'no findings' : findings.join(' ');
    return `- ${channelOf(piece).name} (${file}): ${left}`;
  });
  const text = [
    `The campaign for ${brief.product.name} is ready for your approval. Its pieces are artifacts of this task:`,
    '',
    ...lines,
    '',
    'Answer "approve", "reject", or what to change (name the pieces that it concerns); or as data { decision: "approve" | "change" | "reject", notes?, pieces? }.',
  ].join('\n');
  return [{ text }, { data: { pieces: about } }];
}
