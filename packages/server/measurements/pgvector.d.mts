/** The types of pgvector.mjs. */
import type { Database } from '../src/platform/database.js';

export declare function openPgvector(): Promise<{ readonly database: Database; readonly close: () => Promise<void> }>;
