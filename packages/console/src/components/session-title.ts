/** What a session is called. */
import type { Session } from '@continuo/client';
import { texts } from '../texts.js';

export function titleOf({ title }: Session): string {
  return title === null || title.trim() === '' ? texts.common.noName : title;
}
