/** What people are asked before a campaign is published, and what their answers mean. */
import { z } from 'zod';
import type { InputAnswer } from '@continuo/agent';
import type { Brief } from './brief/brief.js';
import { fileOf, type Piece } from './campaign/piece.js';
import { channelNamed, channelOf, channelsIn, type ChannelId } from './channels/channels.js';
import { schemaOf } from './channels/content-schema.js';
import { violationsOf, type Content, type Violation } from './channels/shape.js';
import type { Review } from './members/reviewer.js';

/**
 * The answer's text, or its data; it may name pieces of this campaign alone. `current` are the pieces as people see them:
 * an edit belongs to their revision, so that one of an older text is refused instead of undoing what came after it.
 */
export function answerSchema(pieces: readonly ChannelId[], current: readonly Piece[] = []): z.ZodType<ApprovalAnswer> {
  const isOne = (name: string): boolean => pieces.some((piece) => piece === channelNamed(name));
  const named = z
    .array(z.string().refine(isOne, `expected some of ${pieces.join(', ')}`))
    .min(1)
    .optional();
  return z.union([
    z.string().trim().min(1).describe('approve, reject, or the changes that are wanted'),
    z
      .object({
        decision: z.enum(['approve', 'change', 'reject']),
        notes: z.string().trim().min(1).optional(),
        pieces: named,
      })
      .refine(({ decision, notes }) => decision !== 'change' || notes !== undefined, {
        path: ['notes'],
        message: 'expected the changes that are wanted',
      }),
    z.object({
      decision: z.literal('review'),
      approve: named.describe('pieces that are approved as they are, or as they are edited here'),
      changes: z
        .strictObject(Object.fromEntries(pieces.map((piece) => [piece, z.string().trim().min(1).optional()])))
        .optional()
        .describe('by piece, what is to change'),
      edits: z
        .strictObject(Object.fromEntries(current.map((piece) => [piece.channel, editOf(piece).optional()])))
        .optional()
        .describe('by piece, its new content, and the revision that was edited'),
    }),
  ]);
}

function editOf({ channel, revision }: Piece) {
  return z.object({ revision: z.literal(revision), content: schemaOf(channelOf(channel).shape) });
}

export type ApprovalAnswer =
  | string
  | {
      readonly decision: 'approve' | 'change' | 'reject';
      readonly notes?: string | undefined;
      readonly pieces?: readonly string[] | undefined;
    }
  | {
      readonly decision: 'review';
      readonly approve?: readonly string[] | undefined;
      readonly changes?: Readonly<Record<string, string | undefined>> | undefined;
      readonly edits?: Readonly<Record<string, { readonly content: Content } | undefined>> | undefined;
    };

export type Decision =
  /** `pieces`: those alone; undefined for all. */
  | { readonly kind: 'approve'; readonly notes: string; readonly pieces?: readonly ChannelId[] }
  | { readonly kind: 'reject'; readonly notes: string }
  /** What is to change in each of the pieces concerned. */
  | { readonly kind: 'change'; readonly notes: ReadonlyMap<ChannelId, string> }
  /** What people say of each piece; one may be edited and approved at once. */
  | {
      readonly kind: 'review';
      readonly approve: readonly ChannelId[];
      readonly notes: ReadonlyMap<ChannelId, string>;
      readonly edits: ReadonlyMap<ChannelId, Content>;
    };

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
  if (data.decision === 'review') return reviewOf(data, pieces);
  const { decision, notes = '' } = data;
  if (decision === 'reject') return { kind: decision, notes };
  if (data.pieces === undefined) {
    return decision === 'approve' ? { kind: decision, notes } : { kind: decision, notes: notesByPiece(notes, pieces) };
  }
  const named = ofThose(pieces, data.pieces);
  if (decision === 'approve') return { kind: decision, notes, pieces: named };
  return { kind: decision, notes: new Map(named.map((piece) => [piece, notes])) };
}

function ofThose(pieces: readonly ChannelId[], names: readonly string[]): readonly ChannelId[] {
  const named = names.map(channelNamed);
  return pieces.filter((piece) => named.includes(piece));
}

/** What somebody wants changed is not approved, whatever else is said of it. */
function reviewOf(
  { approve = [], changes = {}, edits = {} }: Extract<ApprovalAnswer, { readonly decision: 'review' }>,
  pieces: readonly ChannelId[],
): Decision {
  const notes = new Map(
    pieces.flatMap((piece) => {
      const note = changes[piece];
      return note === undefined ? [] : [[piece, note] as const];
    }),
  );
  const edited = new Map(
    pieces.flatMap((piece) => {
      const content = edits[piece]?.content;
      return content === undefined ? [] : [[piece, content] as const];
    }),
  );
  return {
    kind: 'review',
    approve: ofThose(pieces, approve).filter((piece) => !notes.has(piece)),
    notes,
    edits: edited,
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

/** What is to be said of a piece that no reviewer says: limits that its editor has passed, and wishes that nobody could write. */
export function ownFindings(piece: Piece): readonly string[] {
  const over =
    piece.editedBy === undefined ? [] : violationsOf(channelOf(piece.channel).shape, piece.content).map(inOneLine);
  const open = (piece.unwritten ?? []).map(
    (wish) => `Not done, because no language model is configured: “${wish}”. Edit the text by hand.`,
  );
  return [...over, ...open];
}

function inOneLine({ path, problem }: Violation): string {
  return `${path === '' ? 'It' : path} ${problem}.`;
}

/** The question in words, and what it is about as data. */
export function questionOf(brief: Brief, pieces: readonly Piece[], reviews: readonly Review[]) {
  const about = pieces.map((piece) => ({
    piece: piece.channel,
    file: fileOf(piece),
    revision: piece.revision,
    findings: [
      ...ownFindings(piece),
      ...reviews
        .filter(({ channel }) => channel === piece.channel)
        .flatMap(({ findings }) => findings.map(({ note }) => note)),
    ],
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
