/** The texts of the inbox: what waits for people. */
import { counted } from '../formats.js';
export const inboxTexts = {
  title: 'Needs you',
  hint: 'Questions, approvals and held tasks, oldest first.',
  none: 'Nothing needs you',
  noneHint: 'Questions and approvals of your agents show up here.',
  list: 'Waiting for you',
  count: (n: number) => `${n} waiting for you`,
  inTitle: (n: number) => `${counted(n, { one: 'needs', other: 'need' })} you`,
  programs: 'Waiting for programs',
  programsHint: 'Their client programs run tools for them and answer by themselves. They are not counted.',
  move: 'move',
  answer: 'answer',
  chatKey: 'open chat',
  chat: 'Open chat',
  task: 'Open task',
  more: (n: number) => `Showing the oldest ${n}.`,
  next: 'Next',
  previous: 'Previous',
  openChat: 'Open the chat of the selected task',
};

export type InboxTexts = typeof inboxTexts;
