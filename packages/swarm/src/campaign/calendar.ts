/** The content calendar: what is published on which day, as iCalendar and as CSV. */
import { stringify } from 'csv-stringify/sync';
import ical from 'ical-generator';
import type { Brief } from '../brief/brief.js';
import { channelOf, type ChannelId } from '../channels/channels.js';
import { campaignSlug, trackedLink } from './links.js';
import { fileOf, type Piece } from './piece.js';

const DAY_MS = 86_400_000;
/** Channels that people read at work: what falls on a weekend waits for Monday. */
const ON_WORKDAYS: readonly ChannelId[] = ['blog-post', 'email-sequence', 'linkedin', 'press-release'];

export interface CalendarEntry {
  /** ISO 8601. */
  readonly date: string;
  readonly channel: ChannelId;
  readonly title: string;
  readonly file: string;
  readonly link: string;
}

/** Sorted by date. `plan` moves channels: the day, counted from the start, on which the first entry of each is due. */
export function calendarOf(
  brief: Brief,
  startDate: string,
  pieces: readonly Piece[],
  plan: readonly { readonly channel: ChannelId; readonly day: number }[] = [],
): readonly CalendarEntry[] {
  const entries = pieces.flatMap((piece) => {
    const { name, days } = channelOf(piece.channel);
    const planned = plan.find(({ channel }) => channel === piece.channel);
    const shift = planned === undefined ? 0 : planned.day - (days[0] ?? 0);
    const mails = emailsOf(piece);
    const titles = mails.length === 0 ? [name] : mails.map((subject, index) => `Email ${index + 1}: ${subject}`);
    return titles.map((title, index) => ({
      date: dateOf(startDate, (days[index] ?? days.at(-1) ?? 0) + shift, ON_WORKDAYS.includes(piece.channel)),
      channel: piece.channel,
      title: `${brief.product.name} · ${title}`,
      file: fileOf(piece),
      link: trackedLink(brief, piece.channel),
    }));
  });
  return entries.toSorted((one, other) => one.date.localeCompare(other.date));
}

/** All-day events; `at` is when the calendar was made, ISO 8601, and makes the file the same each time. */
export function toICalendar(brief: Brief, entries: readonly CalendarEntry[], at: string): string {
  const slug = campaignSlug(brief);
  const calendar = ical({ name: `${brief.product.name}: campaign`, prodId: { company: 'Continuo', product: 'swarm' } });
  for (const [index, entry] of entries.entries()) {
    const start = new Date(`${entry.date}T00:00:00Z`);
    calendar.createEvent({
      id: `${slug}-${entry.channel}-${index + 1}@continuo`,
      stamp: new Date(at),
      start,
      end: new Date(start.getTime() + DAY_MS),
      allDay: true,
      summary: entry.title,
      description: `Publish ${entry.file}`,
      url: entry.link,
    });
  }
  return calendar.toString();
}

export function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  // A cell that a spreadsheet would take for a formula is text all the same.
  return stringify([...rows], { header: true, escape_formulas: true });
}

function dateOf(startDate: string, days: number, onWorkdays: boolean): string {
  const date = new Date(Date.parse(`${startDate}T00:00:00Z`) + days * DAY_MS);
  const weekday = date.getUTCDay();
  const wait = !onWorkdays ? 0 : weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return new Date(date.getTime() + wait * DAY_MS).toISOString().slice(0, 10);
}

function emailsOf({ channel, content }: Piece): readonly string[] {
  if (channel !== 'email-sequence' || typeof content !== 'object' || !('emails' in content)) return [];
  const { emails } = content;
  if (!Array.isArray(emails)) return [];
  return emails.map((email: unknown) =>
    typeof email === 'object' && email !== null && 'subject' in email ? String(email.subject) : '',
  );
}
