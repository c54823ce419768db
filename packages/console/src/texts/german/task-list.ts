/** The German texts of the list of tasks. */
import { counted, form, number } from '../../formats.js';
import type { TaskListTexts } from '../task-list.js';

const tasks = (n: number): string => counted(n, { one: 'Aufgabe', other: 'Aufgaben' });
const selectedTasks = (n: number): string => counted(n, { one: 'ausgewählte Aufgabe', other: 'ausgewählte Aufgaben' });
const become = (n: number): string => form(n, { one: 'wird', other: 'werden' });

const can = (n: number): string => form(n, { one: 'kann', other: 'können' });
const withChildren = (n: number): string =>
  n === 0 ? '' : `, mit ${counted(n, { one: 'Unteraufgabe', other: 'Unteraufgaben' })}`;

export const translation: TaskListTexts = {
  all: 'Alle',
  search: 'Nachrichten durchsuchen',
  anyAgent: 'Alle Agenten',
  newestFirst: 'Neueste Änderung zuerst',
  oldestFirst: 'Älteste Änderung zuerst',
  selectTask: (agent, id) => `Aufgabe von ${agent} auswählen, ${id.slice(-6)}`,
  none: 'Noch keine Aufgaben',
  noMatch: 'Keine Aufgaben passen zu diesen Filtern',
  clear: 'Filter löschen',
  views: 'Gespeicherte Ansichten',
  saveView: 'Diese Ansicht speichern',
  viewName: 'Name der Ansicht',
  removeView: (name) => `Ansicht ${name} entfernen`,
  save: 'Speichern',
  session: 'In einer Sitzung',
  selected: (n) => `${number(n)} ausgewählt`,
  act: { cancel: 'Aufgaben abbrechen', retry: 'Aufgaben erneut versuchen', delete: 'Aufgaben löschen' },
  summary: {
    cancel: (n, children) => `${tasks(n)} ${become(n)} abgebrochen${withChildren(children)}.`,
    retry: (n, children) =>
      `${tasks(n)} ${become(n)} ab dem fehlgeschlagenen Schritt erneut versucht${withChildren(children)}.`,
    delete: (n, children) =>
      `${tasks(n)} ${become(n)} endgültig gelöscht${withChildren(children)}. Nachrichten bleiben in ihren Chats.`,
  },
  about: {
    cancel: (n) => `${tasks(n)} ${become(n)} abgebrochen, ebenso alle noch laufenden Unteraufgaben.`,
    retry: (n) =>
      `${tasks(n)} ${become(n)} ab dem fehlgeschlagenen Schritt erneut versucht, mit den fehlgeschlagenen Unteraufgaben.`,
    delete: (n) =>
      `${tasks(n)} ${become(n)} endgültig gelöscht, mit ihren Unteraufgaben. Nachrichten bleiben in ihren Chats.`,
  },
  leftOut: {
    cancel: (n) => `${selectedTasks(n)} ${can(n)} nicht abgebrochen werden und ${become(n)} übersprungen.`,
    retry: (n) => `${selectedTasks(n)} ${can(n)} nicht erneut versucht werden und ${become(n)} übersprungen.`,
    delete: (n) =>
      `${selectedTasks(n)} ${can(n)} nicht gelöscht werden und ${become(n)} übersprungen: noch in Arbeit, oder Unteraufgabe.`,
  },
  keep: { cancel: 'Aufgaben behalten', retry: 'Schließen', delete: 'Aufgaben behalten' },
  counting: 'Betroffene Aufgaben werden ermittelt…',
  more: (n) => `${number(n)}+`,
  children: 'Unteraufgaben',
  childrenHint: 'Auch Aufgaben zeigen, die von anderen Aufgaben gestartet wurden',
  time: 'Zeitraum',
  times: {
    any: 'Jederzeit',
    hour: 'Letzte Stunde',
    day: 'Letzte 24 Stunden',
    week: 'Letzte 7 Tage',
    custom: 'Eigener Zeitraum…',
  },
  from: 'Von',
  to: 'Bis',
  keys: {
    next: 'Nächste Aufgabe',
    previous: 'Vorherige Aufgabe',
    select: 'Aufgabe auswählen oder abwählen',
    open: 'Aufgabe öffnen',
    move: 'bewegen',
    selects: 'auswählen',
    opens: 'öffnen',
  },
  selectLoaded: 'Alle bisher gezeigten Aufgaben auswählen',
  selectAll: (n) => `Alle ${n} passenden auswählen`,
  allSelected: (n) => `Alle ${n} passenden sind ausgewählt`,
  deselect: 'Auswahl aufheben',
  finding: (n) => `Passende Aufgaben werden gesucht… ${number(n)} gefunden`,
  nothing: {
    cancel: 'Keine dieser Aufgaben kann abgebrochen werden: Alle sind beendet.',
    retry: 'Keine dieser Aufgaben kann erneut versucht werden.',
    delete:
      'Keine dieser Aufgaben kann gelöscht werden: Nur beendete können es, und Unteraufgaben gehen mit ihren übergeordneten Aufgaben.',
  },
  most: (n) =>
    `Es passen noch mehr Aufgaben. Dies betrifft die ersten ${number(n)}; wiederholen Sie es für die übrigen.`,
  running: (done, n) => `${number(done)} von ${number(n)} erledigt`,
  progress: 'Fortschritt',
  stop: 'Stoppen',
  stopped: (n) => `Gestoppt. ${tasks(n)} ${form(n, { one: 'blieb', other: 'blieben' })} unverändert.`,
  done: {
    cancel: (n) => `${tasks(n)} abgebrochen.`,
    retry: (n) => `${tasks(n)} erneut gestartet.`,
    delete: (n) => `${tasks(n)} gelöscht.`,
  },
  moved: (n) =>
    `${tasks(n)} ${form(n, { one: 'hat', other: 'haben' })} sich inzwischen geändert und ${form(n, { one: 'wurde', other: 'wurden' })} übersprungen.`,
  failed: (n) => `${tasks(n)} fehlgeschlagen:`,
  andMore: (n) => `und ${number(n)} weitere`,
};
