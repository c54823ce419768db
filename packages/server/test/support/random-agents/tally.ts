/** How much was played, for the line at the end. */

export class Tally {
  readonly #counts = { programs: 0, tasks: 0, runs: 0, cuts: 0, steps: 0 };

  add(more: Partial<Record<'programs' | 'tasks' | 'runs' | 'cuts' | 'steps', number>>): void {
    for (const [what, count] of Object.entries(more)) this.#counts[what as keyof typeof more] += count;
  }

  toString(): string {
    const { programs, tasks, runs, cuts, steps } = this.#counts;
    return `${programs} programs, ${tasks} tasks with ${steps} step tries in ${runs} runs, ${cuts} of them cut off`;
  }
}
