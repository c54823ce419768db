/** The pages that one can go to from everywhere. */
import { IconListDetails } from '@tabler/icons-react';
import { texts } from '../texts.js';

export const navigation = [{ to: '/tasks', label: texts.pages.tasks, icon: IconListDetails }] as const;
