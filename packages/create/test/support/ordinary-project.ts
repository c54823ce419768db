/** Projects of `npm run packages`: of an ordinary user where the tests run as root, with npm's cache for all of them. */
import { chown } from 'node:fs/promises';
import { inject } from 'vitest';
import {
  emptyProject,
  type Account,
  type Project,
  type ProjectOptions,
  type Registry,
} from '../../../server/test/support/foreign-project.js';
import { makeTestDirectory } from '../../../server/test/support/test-directory.js';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly packages: {
      readonly registry: Registry;
      /** A version of all packages that comes before that of the repository. */
      readonly before: string;
    };
  }
}

/** `nobody`. Undefined where the tests run as somebody else than root already. */
const account: Account | undefined = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

let cache: Promise<string> | undefined;

/** Empty at first: one for each test file. */
async function makeCache(): Promise<string> {
  const directory = await makeTestDirectory('npm-cache');
  if (account !== undefined) await chown(directory, account.uid, account.gid);
  return directory;
}

export async function ordinaryProject({ node }: Pick<ProjectOptions, 'node'> = {}): Promise<Project> {
  cache ??= makeCache();
  const env = { npm_config_cache: await cache };
  return emptyProject(inject('packages').registry, { account, env, ...(node === undefined ? {} : { node }) });
}
