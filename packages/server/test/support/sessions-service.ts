/** A SessionsService of one's own: its constructor is Nest's, and left out of the types that others get. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { Database } from '../../src/platform/database.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';

const Service = SessionsService as unknown as new (database: Database, clock: Clock) => SessionsService;

export function sessionsServiceOn(database: Database, clock: Clock): SessionsService {
  return new Service(database, clock);
}
