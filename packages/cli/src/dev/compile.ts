/** One file of TypeScript becomes JavaScript, with the metadata by which Nest injects. Types are not looked at. */
import { relative } from 'node:path';
import { transformSync } from 'oxc-transform';

/** Throws with the place and the lines around it where it is no TypeScript. */
export function compile(path: string, text: string): string {
  const { code, map, errors } = transformSync(path, text, {
    lang: path.endsWith('x') ? 'tsx' : 'ts',
    sourceType: 'module',
    target: 'es2023',
    sourcemap: true,
    decorator: { legacy: true, emitDecoratorMetadata: true },
  });
  if (errors.length > 0) {
    const said = errors.map(({ message, codeframe }) => (codeframe ?? message).trim());
    throw new SyntaxError(`${relative(process.cwd(), path)} does not compile:\n${said.join('\n')}`);
  }
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}
