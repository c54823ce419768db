/** Where this package lies, and its version: that of all packages of Continuo, which are released together. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const templatesDirectory = fileURLToPath(new URL('../templates', import.meta.url));

export function ownVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
