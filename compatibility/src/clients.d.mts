/** Types of clients.mjs. */
import type { Party } from './table.mjs';

export declare const clients: readonly Party[];
export declare function quietly<T>(work: () => Promise<T>): Promise<T>;
