/** Types of edited-agents.mjs, which servers of tests load as it is. */
export type State = 'running' | 'waiting' | 'sleeping' | 'calling' | 'cancelled' | 'failed';

export declare const edits: readonly string[];
export declare const states: readonly State[];
/** The agent's name: `test/<name>`. */
export declare function nameOf(edit: string, state: State): string;
