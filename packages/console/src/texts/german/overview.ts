/** The German texts of the overview. */
import { number } from '../../formats.js';
import type { OverviewTexts } from '../overview.js';

export const translation: OverviewTexts = {
  now: 'Jetzt',
  figures: {
    running: 'Laufend',
    waiting: 'Wartet auf Eingabe',
    queued: 'In der Warteschlange',
    begun: 'Gestartet',
    completed: 'Abgeschlossen',
    failed: 'Fehlgeschlagen',
    canceled: 'Abgebrochen',
    medianMs: 'Dauer (Median)',
    p95Ms: 'Dauer (p95)',
  },
  range: 'Zeitraum',
  ranges: { 1: '1 Std.', 6: '6 Std.', 24: '24 Std.', 168: '7 Tage', 720: '30 Tage' },
  lately: {
    1: 'In der letzten Stunde',
    6: 'In den letzten 6 Stunden',
    24: 'In den letzten 24 Stunden',
    168: 'In den letzten 7 Tagen',
    720: 'In den letzten 30 Tagen',
  },
  allAgents: 'Alle Agenten',
  byAgent: 'Nach Agent',
  none: 'Keine Aufgaben in diesem Zeitraum',
  truncated: (since) => `Zu viele Aufgaben: Gezeigt wird nur, was seit ${since} geschah.`,
  throughput: 'Durchsatz',
  throughputSummary: ({ begun, completed }, most, at) =>
    `${number(begun)} gestartet, ${number(completed)} abgeschlossen.${most === 0 ? '' : ` Am meisten: ${at} (${number(most)}).`}`,
  durations: 'Dauer',
  durationsSummary: (median, p95, at) => `Median ${median}, p95 ${p95}. Am langsamsten: ${at}.`,
  noneEnded: 'Keine Aufgabe endete in diesem Zeitraum.',
  failures: 'Fehler',
  failuresSummary: ({ failed, canceled, completed }, most, at) =>
    `${number(failed)} fehlgeschlagen, ${number(canceled)} abgebrochen, von ${number(failed + canceled + completed)} beendeten.${most === 0 ? '' : ` Die meisten Fehler: ${at} (${number(most)}).`}`,
  asTable: 'Als Tabelle zeigen',
  from: 'Ab',
};
