/** What tests use of prepare.mjs. */
export declare const root: string;
export declare const bundles: string;
export declare function ensureBundled(kind: 'program' | 'tests'): void;
export declare function programOf(packages?: string): string;
