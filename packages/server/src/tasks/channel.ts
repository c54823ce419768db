/** The channel on which instances tell each other which tasks have new events. */

export const EVENTS_CHANNEL = 'continuo_events';

/** A payload is a list of task ids; `*` stands for any, when the list would be longer than NOTIFY carries. */
export function taskIdsOf(payload: string): readonly string[] | 'any' {
  return payload === '*' ? 'any' : payload.split(',');
}

/** NOTIFY carries fewer than 8000 bytes: 200 ids of 36 characters and their commas. */
export const MAX_NOTIFIED = 200;
