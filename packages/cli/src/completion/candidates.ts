/** What may stand at the place of the last word: commands, options, and what options choose from. */
import type { Command } from 'commander';

/** What the shells' scripts call. Not in `--help`. */
export const COMPLETE = '__complete';

export interface Candidate {
  readonly word: string;
  readonly about: string;
}

export function candidates(program: Command, words: readonly string[]): readonly Candidate[] {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const command = commandIn(program, before);
  const all = current.startsWith('-')
    ? optionsOf(command)
    : [...command.commands.filter((child) => child.name() !== COMPLETE).map(toCandidate), ...choicesOf(command)];
  return all.filter(({ word }) => word.startsWith(current));
}

/** The innermost command that the words name. */
function commandIn(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    command = command.commands.find((child) => child.name() === word) ?? command;
  }
  return command;
}

function toCandidate(command: Command): Candidate {
  return { word: command.name(), about: firstLine(command.description()) };
}

function optionsOf(command: Command): readonly Candidate[] {
  const own = command.options.map(({ long, short, description }) => ({
    word: long ?? short ?? '',
    about: firstLine(description),
  }));
  return [...own, { word: '--help', about: 'Print what a command does' }];
}

function choicesOf(command: Command): readonly Candidate[] {
  return command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices.map((word) => ({ word, about: '' })));
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
