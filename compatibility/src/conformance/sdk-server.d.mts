/** Types of sdk-server.mjs. */
import type { Target } from './check-conformance.mjs';

export declare function startSdkServer(): Promise<{ readonly target: Target; readonly stop: () => Promise<void> }>;
