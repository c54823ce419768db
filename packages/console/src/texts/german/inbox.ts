/** The German texts of the inbox. */
import { number } from '../../formats.js';
import type { InboxTexts } from '../inbox.js';

export const translation: InboxTexts = {
  title: 'Wartet auf Sie',
  hint: 'Fragen, Freigaben und angehaltene Aufgaben, die ältesten zuerst.',
  none: 'Nichts wartet auf Sie',
  noneHint: 'Hier erscheinen Fragen und Freigaben Ihrer Agenten.',
  list: 'Was auf Sie wartet',
  count: (n) => `${number(n)} warten auf Sie`,
  inTitle: (n) => `${number(n)} ${n === 1 ? 'wartet' : 'warten'} auf Sie`,
  programs: 'Wartet auf Programme',
  programsHint: 'Ihre Client-Programme führen Tools für sie aus und antworten selbst. Sie werden nicht mitgezählt.',
  move: 'bewegen',
  answer: 'antworten',
  chatKey: 'Chat öffnen',
  chat: 'Chat öffnen',
  task: 'Aufgabe öffnen',
  more: (n) => `Die ältesten ${number(n)} werden gezeigt.`,
  next: 'Nächste',
  previous: 'Vorherige',
  openChat: 'Chat der ausgewählten Aufgabe öffnen',
};
