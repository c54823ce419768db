/** Values of a trace: as they were recorded, or the beginning of their text where that is too long. */
import { MOST_SHOWN_BYTES, type Hide } from '@continuo/agent/internal/platform/shown.js';
import { cutToBytes } from '@continuo/agent/internal/platform/text.js';

/** A value, or as much of its text as is shown. */
export interface ShownValue {
  /** JSON; a text that ends with `…` where it is cut; null for nothing. */
  readonly value: unknown;
  readonly truncated: boolean;
}

/** SQL: as much of a text as may be shown, and a little more, so that it can be told whether that is all. */
export const beginningOf = (text: string): string =>
  `CASE WHEN octet_length(${text}) > ${MOST_SHOWN_BYTES} THEN left(${text}, ${MOST_SHOWN_BYTES + 1}) ELSE ${text} END`;

/** SQL: the most bytes that it takes in an answer. */
export const shownBytes = (text: string): string => `least(coalesce(octet_length(${text}), 0), ${MOST_SHOWN_BYTES})`;

/** What `json` says, without secrets. */
export function hiddenIn<Value>(json: string, hide: Hide): Value {
  return JSON.parse(hide(json)) as Value;
}

/** `text`: JSON, or the beginning of it. */
export function toShown(text: string | null, hide: Hide, most = MOST_SHOWN_BYTES): ShownValue {
  if (text === null) return { value: null, truncated: false };
  const whole = hide(text);
  const cut = cutToBytes(whole, most);
  if (cut !== whole) return { value: cut, truncated: true };
  try {
    return { value: JSON.parse(whole) as unknown, truncated: false };
  } catch {
    // It was cut when it was recorded.
    return { value: whole, truncated: true };
  }
}
