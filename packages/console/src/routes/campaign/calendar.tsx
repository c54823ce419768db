/** What is published on which day, by month; where there is no room for a month, as a list. */
import { ActionIcon, Group, Text, Title } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { compare } from '../../formats.js';
import { campaignTexts } from '../../texts/campaign.js';
import type { DeskPiece } from './desk.js';
import { dayName, monthName, monthOf, monthsFrom, weekdayNames, weeksOf } from './month.js';

interface CalendarProps {
  readonly pieces: readonly DeskPiece[];
  readonly onChoose: (piece: string) => void;
}

interface Entry {
  readonly date: string;
  readonly title: string;
  readonly piece: DeskPiece;
}

export function Calendar({ pieces, onChoose }: CalendarProps) {
  const entries = pieces
    .flatMap((piece): readonly Entry[] => (piece.facts?.dates ?? []).map((planned) => ({ ...planned, piece })))
    .toSorted((one, other) => compare(one.date, other.date));
  const [first] = entries;
  const [chosen, setChosen] = useState<string>();
  if (first === undefined) return null;
  const month = chosen ?? monthOf(first.date);
  const shown = entries.filter(({ date }) => monthOf(date) === month);
  return (
    <section className="panel" aria-label={campaignTexts.calendar}>
      <Group justify="space-between" px="md" py="sm">
        <Title order={2}>{campaignTexts.calendar}</Title>
        <Group gap="xs">
          <ActionIcon
            variant="default"
            aria-label={campaignTexts.monthBefore}
            onClick={() => setChosen(monthsFrom(month, -1))}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <Text fw={600} miw={130} ta="center" role="status">
            {monthName(month)}
          </Text>
          <ActionIcon
            variant="default"
            aria-label={campaignTexts.monthAfter}
            onClick={() => setChosen(monthsFrom(month, 1))}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <Month month={month} entries={shown} onChoose={onChoose} />
      <ul className="agenda">
        {shown.length === 0 ? <li>{campaignTexts.nothingPlanned}</li> : null}
        {shown.map((entry) => (
          <li key={`${entry.date} ${entry.title}`}>
            <span className="agenda-day numbers">{dayName(entry.date)}</span>
            <Chip entry={entry} onChoose={onChoose} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface MonthProps {
  readonly month: string;
  readonly entries: readonly Entry[];
  readonly onChoose: (piece: string) => void;
}

function Month({ month, entries, onChoose }: MonthProps) {
  return (
    <table className="month">
      <thead>
        <tr>
          {weekdayNames().map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <tr key={week[0]}>
            {week.map((day) => (
              <td key={day} data-other={monthOf(day) !== month || undefined}>
                <span className="month-day numbers">{Number(day.slice(8))}</span>
                {entries
                  .filter(({ date }) => date === day)
                  .map((entry) => (
                    <Chip key={entry.title} entry={entry} onChoose={onChoose} />
                  ))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Chip({ entry, onChoose }: { readonly entry: Entry; readonly onChoose: (piece: string) => void }) {
  return (
    <button type="button" className="month-entry" title={entry.title} onClick={() => onChoose(entry.piece.id)}>
      {entry.title.split(' · ').slice(1).join(' · ') || entry.title}
    </button>
  );
}
