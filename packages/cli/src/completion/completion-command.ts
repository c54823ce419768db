/** `continuo completion`: has the shell ask this command what may come next. */
import { Argument, Command } from 'commander';
import { write, type Terminal } from '../terminal/terminal.js';
import { candidates, COMPLETE } from './candidates.js';
import { shells, type Shell } from './shells.js';

export function completionCommand({ stdout }: Terminal): Command {
  return new Command('completion')
    .description('Print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .option('--json', 'write JSON, for programs')
    .addHelpText(
      'after',
      `
Put it where your shell reads it:
  bash  continuo completion bash >> ~/.bashrc
  zsh   continuo completion zsh >> ~/.zshrc
  fish  continuo completion fish > ~/.config/fish/completions/continuo.fish`,
    )
    .action((shell: Shell, { json }: { readonly json?: boolean }) => {
      const script = shells[shell](COMPLETE);
      return write(stdout, json === true ? `${JSON.stringify({ shell, script })}\n` : script);
    });
}

/** `words`: what stands behind `continuo`, the last of them unfinished. A candidate a line, a tab, what it is. */
export function completeCommand(program: Command, { stdout }: Terminal): Command {
  return new Command(COMPLETE)
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: readonly string[]) => {
      const lines = candidates(program, words).map(({ word, about }) => `${word}\t${about}\n`);
      return write(stdout, lines.join(''));
    });
}
