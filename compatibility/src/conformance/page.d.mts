/** Types of page.mjs. */
import type { Report } from './check-conformance.mjs';

export declare function pageOf(continuo: Report, sdk: Report): string;
export declare function count(report: Report): Readonly<Record<'all' | 'kept' | 'broken' | 'untried', number>>;
