/** What the palette offers for what was typed: what is known here at once, what the server finds a moment later. */
import { useMantineColorScheme } from '@mantine/core';
import {
  IconBell,
  IconDeviceDesktop,
  IconKeyboard,
  IconListDetails,
  IconLogout,
  IconMessagePlus,
  IconMessages,
  IconMoon,
  IconRobot,
  IconSun,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/client.js';
import type { Task } from '@continuo/client';
import { signedInWith, signOut } from '../api/credentials.js';
import { titleOf } from '../components/session-title.js';
import { agentList } from '../routes/tasks/task-queries.js';
import { agentOf, progressOf, stateOf, titleOf as taskTitle } from '@continuo/client/facts';
import { texts } from '../texts.js';
import { canNotify } from './notifying.js';
import type { Pages } from './shortcuts.js';
import { useNotifying } from './use-notifying.js';

export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: typeof IconRobot;
  readonly run: () => void;
}

interface Asked {
  readonly pages: Pages;
  readonly text: string;
  /** What the server is asked: the text, a moment later. */
  readonly asked: string;
  readonly onShortcuts: () => void;
}

const MOST_AGENTS = 6;
const FOUND = 6;

export function useEntries({ pages, text, asked, onShortcuts }: Asked): {
  readonly entries: readonly Entry[];
  readonly searching: boolean;
} {
  const navigate = useNavigate();
  const agents = useQuery(agentList);
  const actions = useActions(onShortcuts);
  const q = asked === '' ? undefined : asked;
  const tasks = useQuery({
    queryKey: ['tasks', 'palette', asked],
    queryFn: ({ signal }) => call('listTasks', { query: { q, pageSize: FOUND, historyLength: 0 } }, signal),
  });
  const sessions = useQuery({
    queryKey: ['sessions', 'palette', asked],
    queryFn: ({ signal }) => call('listSessions', { query: { q, pageSize: FOUND } }, signal),
  });
  // What was found for another text is not offered: Enter would open it.
  const isAsked = text === asked;
  const fits = (label: string): boolean => label.toLowerCase().includes(text.toLowerCase());
  const here: readonly Entry[] = [
    ...pages.map(({ to, label, icon }) => {
      return { id: `page ${to}`, group: texts.palette.pages, label, hint: '', icon, run: () => void navigate({ to }) };
    }),
    ...actions,
  ].filter(({ label }) => fits(label));
  const ofAgents: readonly Entry[] = (agents.data?.agents ?? [])
    .filter(({ internal, card }) => !internal && text !== '' && fits(card.name))
    .slice(0, MOST_AGENTS)
    .map(({ card }) => ({
      id: `agent ${card.name}`,
      group: texts.pages.agents,
      label: card.name,
      hint: card.description,
      icon: IconRobot,
      run: () => void navigate({ to: '/chat', search: { agent: card.name } }),
    }));
  const ofTasks: readonly Entry[] = (isAsked ? (tasks.data?.tasks ?? []) : []).map((task) => ({
    id: `task ${task.id}`,
    group: texts.pages.tasks,
    label: taskTitle(task),
    hint: hintOf(task),
    icon: IconListDetails,
    run: () => void navigate({ to: '/tasks/$id', params: { id: task.id } }),
  }));
  const ofSessions: readonly Entry[] = (isAsked ? (sessions.data?.sessions ?? []) : []).map((session) => ({
    id: `session ${session.id}`,
    group: texts.pages.sessions,
    label: titleOf(session),
    hint: texts.sessions.messages(session.messageCount),
    icon: IconMessages,
    run: () => void navigate({ to: '/chat/$id', params: { id: session.id } }),
  }));
  return {
    entries: [...here, ...ofAgents, ...ofTasks, ...ofSessions],
    searching: tasks.isFetching || sessions.isFetching || !isAsked,
  };
}

function hintOf(task: Task): string {
  const state = texts.states[stateOf(task)];
  return [progressOf(task).title === '' ? '' : agentOf(task), state, task.id.slice(-6)].filter(Boolean).join(' · ');
}

function useActions(onShortcuts: () => void): readonly Entry[] {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const [notifying, toggleNotifying] = useNotifying();
  const action = (id: string, label: string, icon: Entry['icon'], run: () => void): Entry => {
    return { id: `action ${id}`, group: texts.palette.actions, label, hint: '', icon, run };
  };
  const theme = (name: 'light' | 'dark' | 'auto', icon: Entry['icon']): Entry =>
    action(name, `${texts.theme.name}: ${texts.theme[name]}`, icon, () => setColorScheme(name));
  return [
    action('chat', texts.chat.newChat, IconMessagePlus, () => void navigate({ to: '/chat' })),
    theme('light', IconSun),
    theme('dark', IconMoon),
    theme('auto', IconDeviceDesktop),
    ...(canNotify()
      ? [action('notify', notifying ? texts.attention.off : texts.attention.on, IconBell, toggleNotifying)]
      : []),
    action('shortcuts', texts.shortcuts.title, IconKeyboard, onShortcuts),
    ...(signedInWith() === undefined ? [] : [action('out', texts.signIn.out, IconLogout, signOut)]),
  ];
}
