/** What a task's log and journal have under a name or a number. The caller's right was checked before. */
import { orUnavailable, type Database } from '../platform/database.js';
import { findSaid, findSaidWith } from './find-said.js';
import { eventsNamed, hasEvent } from './read-retry.js';
import { readStepResults } from './read-steps.js';

export class LogLookup {
  constructor(private readonly database: Database) {}

  /** The number of the event with which a person said the message to the task; undefined when nobody has. */
  async saidAt(id: string, messageId: string): Promise<number | undefined> {
    return (await orUnavailable(() => findSaid(this.database, id, messageId)))?.seq;
  }

  /** What the message that made an event has in its metadata under `name`. */
  saidWith(id: string, seq: number, name: string): Promise<unknown> {
    return orUnavailable(() => findSaidWith(this.database, id, seq, name));
  }

  /** Whether an event has this key. */
  hasEvent(id: string, key: string): Promise<boolean> {
    return orUnavailable(() => hasEvent(this.database, id, key));
  }

  /** How many events have keys that begin so. */
  eventsNamed(id: string, prefix: string): Promise<number> {
    return orUnavailable(() => eventsNamed(this.database, id, prefix));
  }

  /** The results of the finished steps of this name, in order. */
  stepResults(id: string, name: string): Promise<readonly unknown[]> {
    return orUnavailable(() => readStepResults(this.database, id, name));
  }
}
