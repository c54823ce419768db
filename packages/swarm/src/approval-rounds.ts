/** The rounds of approval: what people say of the pieces is carried out, and asked about again, until all are approved. */
import { TerminalError, type InputAnswer, type TaskContext } from '@continuo/agent';
import { answerSchema, decisionOf, questionOf, type Decision } from './approval.js';
import type { Brief } from './brief/brief.js';
import { fileOf, toMarkdown, type Piece } from './campaign/piece.js';
import { channelOf, type ChannelId } from './channels/channels.js';
import type { Content } from './channels/shape.js';
import type { Draft } from './draft.js';
import { aboutPieces } from './piece-facts.js';
import { enter } from './stages.js';

/** Who says something in a session that is shared with them is named here. */
const SESSIONS_EXTENSION = 'urn:continuo:a2a:sessions:v1';

/**
 * Asks until every piece is approved, and answers how it was. Throws TerminalError when the campaign is rejected.
 *
 * Campaigns that wait for months go on with this code: the words of a question that was asked before stay as they were,
 * and what an earlier version took for something else is asked of `patched`.
 */
export async function approved(task: TaskContext, brief: Brief, draft: Draft): Promise<string> {
  const { pieces, reviews } = draft;
  const done = new Set<ChannelId>();
  await show(task, brief, draft, [...pieces.values()]);
  for (let round = 1; ; round += 1) {
    await enter(task, 'approval', 'Waiting for approval');
    const open = [...pieces.values()].filter(({ channel }) => !done.has(channel));
    const names = open.map(({ channel }) => channel);
    const question = questionOf(brief, open, [...reviews.values()]);
    const answer = await task.requestInput(question, { schema: answerSchema(names, open) });
    const decision = decisionOf(answer, names);
    const notes =
      typeof decision.notes !== 'string' || decision.notes === ''
        ? ''
        : `: ${decision.notes.replace(/(?<![.!])[.!]+$/, '')}`;
    if (decision.kind === 'reject')
      throw new TerminalError(`The campaign was rejected${notes}. Nothing was published.`);
    if (decision.kind === 'approve' && !isPartial(task, decision, names)) return `approved${notes}`;
    for (const channel of await carriedOut(task, brief, draft, decision, { round, by: authorOf(answer) })) {
      done.add(channel);
    }
    if (done.size === pieces.size) return `approved${notes}`;
  }
}

/** Before pieces could be approved one by one, an approval that named some of them was one of all. */
function isPartial(
  task: TaskContext,
  { pieces }: Extract<Decision, { readonly kind: 'approve' }>,
  asked: readonly ChannelId[],
): boolean {
  return pieces !== undefined && pieces.length < asked.length && task.patched('approve pieces one by one');
}

interface Round {
  readonly round: number;
  /** Who answered; `owner` for the campaign's own. */
  readonly by: string;
}

/** Does what is wanted; answers with the pieces that are approved by it. */
async function carriedOut(
  task: TaskContext,
  brief: Brief,
  draft: Draft,
  decision: Exclude<Decision, { readonly kind: 'reject' }>,
  { round, by }: Round,
): Promise<readonly ChannelId[]> {
  if (decision.kind === 'approve') return decision.pieces ?? [];
  const { team, strategy, pieces, asked } = draft;
  const edited = decision.kind === 'review' ? editsOf(draft, decision.edits, by) : [];
  for (const piece of edited) pieces.set(piece.channel, piece);
  const work = [...pieces.values()].flatMap((piece) => {
    const note = decision.notes.get(piece.channel);
    return note === undefined ? [] : [{ piece, findings: [{ note, asked: true }] }];
  });
  if (work.length > 0) {
    const names = work.map(({ piece }) => channelOf(piece.channel).name).join(', ');
    await enter(task, 'approval', `Changing ${names} (round ${round})`);
  }
  const rewritten = work.length === 0 ? [] : await team.rework(strategy, work, 0);
  for (const piece of rewritten) pieces.set(piece.channel, piece);
  for (const note of decision.notes.values()) asked.add(note);
  const changed = [...edited, ...rewritten].map(({ channel }) => channel);
  const now = [...pieces.values()].filter(({ channel }) => changed.includes(channel));
  if (now.length > 0) {
    await reviewedAgain(draft, now);
    await show(task, brief, draft, now);
  }
  return decision.kind === 'review' ? decision.approve : [];
}

/** What was written by hand stays as it was written. */
function editsOf({ pieces }: Draft, edits: ReadonlyMap<ChannelId, Content>, by: string): readonly Piece[] {
  return [...edits].flatMap(([channel, content]) => {
    const { unwritten: _, ...piece } = pieces.get(channel) ?? {};
    if (!('revision' in piece)) return [];
    return [{ ...piece, content, revision: piece.revision + 1, cut: [], editedBy: by }];
  });
}

/** What people wanted stays as they wanted it; they are told what the reviewers think of it. */
async function reviewedAgain(
  { team, research, strategy, reviews, asked }: Draft,
  changed: readonly Piece[],
): Promise<void> {
  const claims = [...research.claims, ...[...asked].map((text) => ({ text, source: 'the client' }))];
  const material = { strategy, research: { ...research, claims } };
  for (const reviewer of ['seo-reviewer', 'compliance-reviewer'] as const) {
    const found = await team.review(reviewer, material, changed, 0);
    for (const review of found) reviews.set(`${reviewer} ${review.channel}`, review);
  }
  for (const { channel } of changed) reviews.delete(`editor ${channel}`);
}

/** As artifacts with the ids that the package's files will have, and replace. */
async function show(task: TaskContext, brief: Brief, draft: Draft, pieces: readonly Piece[]): Promise<void> {
  const facts = aboutPieces(brief, draft);
  for (const piece of pieces) {
    const name = fileOf(piece);
    const text = toMarkdown(brief, piece, 'waiting for approval', piece.unwritten);
    await task.artifact({
      artifactId: name,
      name,
      description: `${channelOf(piece.channel).name}, waiting for approval`,
      metadata: facts.get(name) ?? {},
      parts: [{ text, filename: name, mediaType: 'text/markdown' }],
    });
  }
}

function authorOf({ message }: Pick<InputAnswer, 'message'>): string {
  const about = message?.metadata?.[SESSIONS_EXTENSION];
  const author = typeof about === 'object' && about !== null && 'author' in about ? about.author : undefined;
  return typeof author === 'string' ? author : 'owner';
}
