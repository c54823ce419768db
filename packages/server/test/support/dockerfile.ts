/** Reads a Dockerfile, as far as those of `deploy/` go: stages of instructions with their words. */

export interface Instruction {
  /** In capitals: `COPY`. */
  readonly name: string;
  /** What follows, on one line. */
  readonly words: string;
}

export interface Stage {
  /** `build` in `FROM node AS build`; empty for the last one. */
  readonly name: string;
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** Throws where a line begins with something else than an instruction. */
export function stagesOf(dockerfile: string): readonly Stage[] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', words = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === '') throw new Error(`This is no instruction: ${line}`);
    if (name === 'FROM') {
      const [from = '', , as = ''] = words.split(' ');
      stages.push({ name: as, from, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, words });
  }
  return stages;
}

/** What all instructions of this name have, in their order. */
export function wordsOf(stage: Stage | undefined, name: string): readonly string[] {
  return (stage?.instructions ?? []).filter((one) => one.name === name).map(({ words }) => words);
}

/** The variables of all `ENV NAME=value NAME=value`. */
export function environmentOf(stage: Stage | undefined): Readonly<Record<string, string>> {
  const pairs = wordsOf(stage, 'ENV').flatMap((words) => words.split(' '));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
