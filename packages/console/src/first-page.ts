/** Asks for the code of the page that was opened while the shell's is on its way; the router could ask only behind it. */
import { pagesPath } from './api/place.js';
import { HOME, pages } from './pages.js';

const opened = location.pathname.slice(pagesPath.length).replace(/\/$/, '') || HOME;
// When it fails, the router asks again, and says so.
void Object.entries(pages)
  .find(([path]) => leadsTo(path, opened))?.[1]()
  .catch(() => undefined);

function leadsTo(path: string, address: string): boolean {
  const names = address.split('/');
  const expected = path.split('/');
  return expected.length === names.length && expected.every((name, at) => name.startsWith('$') || name === names[at]);
}
