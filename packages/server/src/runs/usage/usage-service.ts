/** Tokens and cost of language models, as callers and admins ask for them. */
import type { Caller } from '../../platform/caller.js';
import { orUnavailable, type Database } from '../../platform/database.js';
import type { StatisticsRange } from '../../tasks/read-statistics.js';
import { readSpent, type SpentOverTime } from './read-spent.js';
import { readUsage, type UsageQuery, type UsageReport } from './read-usage.js';

export class UsageService {
  constructor(private readonly database: Database) {}

  /** What calls of language models cost over some days. */
  report(query: UsageQuery): Promise<UsageReport> {
    return orUnavailable(() => readUsage(this.database.reading(), query));
  }

  /** What the caller's calls of language models took since `range.from`. */
  spent(caller: Caller, range: StatisticsRange): Promise<SpentOverTime> {
    return orUnavailable(() => readSpent(this.database.reading(), caller, range));
  }
}
