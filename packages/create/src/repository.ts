/** A git repository for the project, with a first commit. */
import { runProgram } from './run-program.js';

export type Committed =
  | { readonly kind: 'committed' }
  /** Another repository holds it, which is left as it is. */
  | { readonly kind: 'within'; readonly repository: string }
  | { readonly kind: 'no-git' }
  | { readonly kind: 'failed'; readonly reason: string };

/** For machines on which nobody has told git who they are. */
const NOBODY = ['-c', 'user.name=create-continuo', '-c', 'user.email=create-continuo@localhost'];

/** The commit is the user's where git knows them. Nothing of the machine's hooks and signatures is asked for. */
export async function commitProject(directory: string): Promise<Committed> {
  const git = (...words: readonly string[]) => runProgram('git', words, directory);
  if ((await git('--version')).code !== 0) return { kind: 'no-git' };
  const around = await git('rev-parse', '--show-toplevel', '--show-prefix');
  const [repository = '', prefix = ''] = around.output.split('\n');
  if (around.code === 0 && prefix !== '') return { kind: 'within', repository };
  const isKnown = (await git('config', 'user.email')).code === 0;
  const commit = ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '--message', 'Begin with create-continuo'];
  const steps = [
    ...(around.code === 0 ? [] : [['init', '--quiet', '--initial-branch=main']]),
    ['add', '--all'],
    [...(isKnown ? [] : NOBODY), ...commit],
  ];
  for (const words of steps) {
    const { code, output } = await git(...words);
    if (code !== 0) return { kind: 'failed', reason: output.trim() };
  }
  return { kind: 'committed' };
}
