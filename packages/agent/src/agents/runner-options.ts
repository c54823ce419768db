/** What carries out runs is told of the server around it. */
import type { Hide } from '../platform/shown.js';
import type { MemoryStore } from '../memories/memory-store.js';
import type { JournalEntry } from '../runs/journal-entry.js';
import type { ArtifactLimits } from '../tasks/artifact-allowance.js';
import type { StoredSayings } from '../tasks/stored-sayings.js';
import type { RunActivity } from './run-activity.js';
import type { FindFile } from './run-files.js';
import type { ModelBudgets, ModelPrices } from './run-spending.js';

export interface RunnerOptions {
  readonly maxRuns: number;
  readonly taskTimeoutMs: number;
  readonly artifactLimits: ArtifactLimits;
  readonly instanceId: () => string;
  /** What the task's runs have recorded since it began from the start at `origin`. */
  readonly journalOf: (taskId: string, origin: number) => Promise<readonly JournalEntry[]>;
  /** What the task has said since it began from the start at `origin`. */
  readonly sayingsOf: (taskId: string, origin: number) => Promise<StoredSayings>;
  readonly findFile: FindFile;
  readonly memories: MemoryStore;
  /** Milliseconds after which what was said to an agent with memory is gone through. */
  readonly memoryDelayMs: number;
  readonly prices: ModelPrices;
  readonly budgets: ModelBudgets;
  /** Is told what a run does when it begins. */
  readonly begins?: (activity: RunActivity) => void;
  /** Whether what models are asked is kept for traces. Default: no. */
  readonly keepsPrompts?: boolean;
  /** Takes secrets out of errors, and of what else is kept of runs for people. Default: nothing. */
  readonly hide?: Hide;
  /** See JournalRunParts. */
  readonly quietMs?: number;
}
