/** What the agent of one task has logged, in memory. */
import type { LogBatch, LogLine } from '../tasks/agent-log.js';

export class MemoryLog {
  readonly lines: LogLine[] = [];
  /** Under which a later run finds each line again. */
  readonly hashes: string[] = [];
  dropped = 0;

  keep({ lines, keys, dropped }: LogBatch): void {
    this.lines.push(...lines);
    this.hashes.push(...keys.map((key) => key.slice(key.indexOf(':') + 1)));
    this.dropped = Math.max(this.dropped, dropped);
  }

  get bytes(): number {
    return Buffer.byteLength(JSON.stringify(this.lines));
  }

  copy(): MemoryLog {
    const copy = new MemoryLog();
    copy.lines.push(...this.lines);
    copy.hashes.push(...this.hashes);
    copy.dropped = this.dropped;
    return copy;
  }
}
