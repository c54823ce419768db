/** The pages that one can go to from everywhere. */
import {
  IconChartHistogram,
  IconInbox,
  IconListDetails,
  IconSpeakerphone,
  IconMessages,
  IconMessagePlus,
  IconRobot,
  IconSettings,
  IconWebhook,
} from '@tabler/icons-react';
import { texts } from '../texts.js';

interface Page {
  readonly to: string;
  readonly label: string;
  readonly icon: typeof IconRobot;
  /** The page is of use where this agent is. */
  readonly agent?: string;
}

export const navigation = [
  { to: '/overview', label: texts.pages.overview, icon: IconChartHistogram },
  { to: '/inbox', label: texts.pages.inbox, icon: IconInbox },
  { to: '/chat', label: texts.pages.chat, icon: IconMessagePlus },
  { to: '/tasks', label: texts.pages.tasks, icon: IconListDetails },
  { to: '/sessions', label: texts.pages.sessions, icon: IconMessages },
  { to: '/marketing', label: texts.pages.marketing, icon: IconSpeakerphone, agent: 'marketing/swarm' },
  { to: '/agents', label: texts.pages.agents, icon: IconRobot },
  { to: '/webhooks', label: texts.pages.webhooks, icon: IconWebhook },
  { to: '/settings', label: texts.pages.settings, icon: IconSettings },
] as const satisfies readonly Page[];
