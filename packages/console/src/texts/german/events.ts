/** The German texts of a task's events and of its log. */
import { counted, number } from '../../formats.js';
import type { EventTexts } from '../events.js';

export const translation: EventTexts = {
  eventTexts: {
    filter: 'Zeigen',
    kinds: { states: 'Status', steps: 'Schritte', progress: 'Fortschritt', artifacts: 'Artefakte' },
    noMatch: 'Keine Ereignisse passen zu diesen Filtern',
    unfold: (n) => `${number(n)} Aktualisierungen zeigen`,
  },
  logTexts: {
    level: 'Stufe',
    levels: { debug: 'Alle Stufen', info: 'Ab Info', warn: 'Warnungen und Fehler', error: 'Nur Fehler' },
    names: { debug: 'Debug', info: 'Info', warn: 'Warnung', error: 'Fehler' },
    follow: 'Folgen',
    lines: (n) => counted(n, { one: 'Zeile', other: 'Zeilen' }),
    dropped: (n) => `${counted(n, { one: 'weitere Zeile wurde', other: 'weitere Zeilen wurden' })} nicht gespeichert.`,
    none: 'Keine Logzeilen',
    noneHint: 'Hier erscheinen Zeilen, die Agenten mit task.log schreiben.',
    noMatch: 'Keine Logzeilen dieser Stufe',
    step: 'Schritt im Trace zeigen',
  },
};
