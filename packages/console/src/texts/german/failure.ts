/** The German texts on failures. */
import { isolated, number } from '../../formats.js';
import type { FailureTexts } from '../failure.js';

export const translation: FailureTexts = {
  step: (name, times, took) =>
    [
      name,
      times === 1 ? '' : times === 2 ? 'zweimal' : `${number(times)}-mal`,
      'fehlgeschlagen',
      took === undefined ? '' : `in ${took}`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  causedBy: 'Ursache',
  inTrace: 'Im Trace zeigen',
  more: (attempts) => (attempts > 1 ? 'Versuche und Stack' : 'Stack'),
  topTitle: 'Häufigste Fehler',
  topNone: 'Keine Fehler in diesem Zeitraum',
  count: 'Anzahl',
  times: (n) => `${number(n)}×`,
  recentTitle: 'Zuletzt fehlgeschlagen',
  allFailed: 'Alle fehlgeschlagenen Aufgaben',
  inStep: (step) => `in „${isolated(step)}“`,
};
