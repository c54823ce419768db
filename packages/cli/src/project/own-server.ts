/** The server library of the project at hand: its own copy where it has one, else the one that came with this command. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Library = typeof import('@continuo/server') & typeof import('@continuo/server/commands');

/** What its programs import must be the very same modules, so that they can be told things. */
export async function ownServer(directory: string): Promise<Library> {
  const { resolve } = createRequire(join(directory, 'package.json'));
  const load = async (name: string): Promise<object> => {
    try {
      return (await import(pathToFileURL(resolve(name)).href)) as object;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
        return (await import(name)) as object;
      }
      throw error;
    }
  };
  const [library, commands] = await Promise.all([load('@continuo/server'), load('@continuo/server/commands')]);
  return { ...library, ...commands } as Library;
}
