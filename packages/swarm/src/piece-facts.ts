/** What programs are told of a piece, in the metadata of its artifact: its content by fields, who wrote it, what is planned for it. */
import { ownFindings } from './approval.js';
import type { Brief } from './brief/brief.js';
import { divideBudget } from './campaign/budget.js';
import { calendarOf } from './campaign/calendar.js';
import { trackedLink } from './campaign/links.js';
import { startOf } from './campaign/package.js';
import { fileOf } from './campaign/piece.js';
import type { Draft } from './draft.js';

/** In the metadata of a piece's artifact. */
const PIECE_EXTENSION = 'urn:continuo:marketing:piece:v1';

/** The metadata of the pieces' artifacts, by the names of their files. */
export function aboutPieces(
  brief: Brief,
  { at, strategy, pieces, reviews }: Draft,
): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const all = [...pieces.values()];
  const calendar = calendarOf(brief, startOf({ brief, at }), all, strategy.channelPlan);
  const budget = divideBudget(strategy.channelPlan, brief.budget?.amount);
  return new Map(
    all.map((piece) => {
      const { channel, content, revision, model, editedBy } = piece;
      const line = budget.find((one) => one.channel === channel);
      const facts = {
        channel,
        content,
        revision,
        writtenBy: model ?? null,
        editedBy: editedBy ?? null,
        link: trackedLink(brief, channel),
        remarks: [
          ...ownFindings(piece).map((note) => ({ by: 'swarm', note })),
          ...[...reviews].flatMap(([key, { findings, ...review }]) =>
            review.channel === channel ? findings.map(({ note, quote }) => remarkOf(key, note, quote)) : [],
          ),
        ],
        dates: calendar.filter((entry) => entry.channel === channel).map(({ date, title }) => ({ date, title })),
        budget: { share: line?.share ?? 0, amount: line?.amount ?? null, currency: brief.budget?.currency ?? null },
      };
      return [fileOf(piece), { [PIECE_EXTENSION]: facts }] as const;
    }),
  );
}

/** `key` begins with the reviewer. */
function remarkOf(key: string, note: string, quote: string | undefined) {
  return { by: key.split(' ')[0] ?? '', note, ...(quote === undefined ? {} : { quote }) };
}
