/** Who is told which tools a model uses, in the name of a run. */

/** What of a call is told. */
export interface ToolUse {
  /** The call's own within its task. */
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What was told before isn't again; what an ended run tells is lost. */
export interface TellTools {
  /** These run now. `answer`: the model's; told again with others, where it was asked again after a crash. */
  calls(answer: string, calls: readonly ToolUse[]): void;
  /** `input` for a call that was not told before, as somebody was asked about it. */
  result(
    call: Pick<ToolUse, 'id' | 'name'> & Partial<ToolUse>,
    came: { readonly output: unknown } | { readonly error: string },
  ): void;
}
