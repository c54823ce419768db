/** What the doctor found of one thing: whether it is as it should be, and else what to do. */

export type Health = 'ok' | 'note' | 'wrong';

export interface Finding {
  readonly about: string;
  readonly health: Health;
  /** What is there, or what is wrong with it. */
  readonly found: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function ok(about: string, found: string): Finding {
  return { about, health: 'ok', found };
}

/** It works, but somebody may want to know. */
export function noted(about: string, found: string, remedy?: string): Finding {
  return { about, health: 'note', found, ...(remedy === undefined ? {} : { remedy }) };
}

export function wrong(about: string, found: string, remedy: string): Finding {
  return { about, health: 'wrong', found, remedy };
}
