/** The pages that one can go to from everywhere. */
import { IconListDetails, IconMessages, IconMessagePlus, IconRobot } from '@tabler/icons-react';
import { texts } from '../texts.js';

export const navigation = [
  { to: '/chat', label: texts.pages.chat, icon: IconMessagePlus },
  { to: '/tasks', label: texts.pages.tasks, icon: IconListDetails },
  { to: '/sessions', label: texts.pages.sessions, icon: IconMessages },
  { to: '/agents', label: texts.pages.agents, icon: IconRobot },
] as const;
