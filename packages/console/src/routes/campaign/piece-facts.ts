/** What the swarm says of a piece in the metadata of its artifact, read with the caution that foreign agents call for. */
import type { Artifact } from '@continuo/client';
import { fieldsIn, textIn } from '@continuo/client/facts';
import type { Content } from '@continuo/swarm/shape';

const PIECE_EXTENSION = 'urn:continuo:marketing:piece:v1';

export interface Remark {
  /** `compliance-reviewer` */
  readonly by: string;
  readonly note: string;
  /** The sentence that it is about. */
  readonly quote: string | undefined;
}

export interface PieceFacts {
  /** `linkedin` */
  readonly channel: string;
  readonly content: Content;
  /** What an edit belongs to. */
  readonly revision: number;
  /** The name of a model; undefined for a draft that was assembled from the brief. */
  readonly writtenBy: string | undefined;
  /** `owner`, or the name of somebody else in a shared session. */
  readonly editedBy: string | undefined;
  readonly link: string;
  readonly remarks: readonly Remark[];
  readonly dates: readonly PlannedDate[];
  readonly budget: PlannedBudget | undefined;
}

export interface PlannedDate {
  /** ISO 8601, a day. */
  readonly date: string;
  readonly title: string;
}

export interface PlannedBudget {
  /** Of the whole, from 0 to 1. */
  readonly share: number;
  readonly amount: number | undefined;
  readonly currency: string;
}

/** Undefined for an artifact that is no piece, or of a server that says nothing of it. */
export function pieceIn({ metadata }: Pick<Artifact, 'metadata'>): PieceFacts | undefined {
  const said = fieldsIn(metadata, PIECE_EXTENSION);
  const [channel, content, revision] = [textIn(said, 'channel'), toContent(said?.['content']), said?.['revision']];
  if (channel === undefined || content === undefined || typeof revision !== 'number') return undefined;
  return {
    channel,
    content,
    revision,
    writtenBy: textIn(said, 'writtenBy'),
    editedBy: textIn(said, 'editedBy'),
    link: textIn(said, 'link') ?? '',
    remarks: listIn(said, 'remarks').map((given) => ({
      by: textIn(given, 'by') ?? '',
      note: textIn(given, 'note') ?? '',
      quote: textIn(given, 'quote'),
    })),
    dates: listIn(said, 'dates').flatMap((given) => {
      const [date, title] = [textIn(given, 'date') ?? '', textIn(given, 'title') ?? ''];
      return /^\d{4}-\d{2}-\d{2}$/.test(date) ? [{ date, title }] : [];
    }),
    budget: budgetIn(fieldsIn(said, 'budget')),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function budgetIn(said: Fields | undefined): PlannedBudget | undefined {
  const [share, amount] = [said?.['share'], said?.['amount']];
  if (typeof share !== 'number') return undefined;
  return { share, amount: typeof amount === 'number' ? amount : undefined, currency: textIn(said, 'currency') ?? '' };
}

function listIn(said: Fields | undefined, name: string): readonly Fields[] {
  const list = said?.[name];
  if (!Array.isArray(list)) return [];
  return list.flatMap((given: unknown) => {
    const fields = fieldsIn({ given }, 'given');
    return fields === undefined ? [] : [fields];
  });
}

/** Undefined for what is neither a text nor made of texts. */
function toContent(value: unknown): Content | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const items = value.map(toContent);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).map(([name, inside]) => [name, toContent(inside)] as const);
  if (entries.some(([, inside]) => inside === undefined)) return undefined;
  return Object.fromEntries(entries.map(([name, inside]) => [name, inside ?? '']));
}
