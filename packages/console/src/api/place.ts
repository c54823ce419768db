/** Where the console is: the server says so in `<base>`, whatever a proxy has put in front of its own paths. */
const base = new URL(document.baseURI);

/** The path below which the pages are, without a slash at its end: `/console`, behind a proxy `/agents-api/console`. */
export const pagesPath = base.pathname.replace(/\/$/, '');

/** The address of one of the API's paths (`/tasks`), which are beside the console. */
export function apiAddress(path: string): string {
  return new URL(`..${path}`, base).href;
}

/** The address of one of the console's pages, `signed-in`. */
export function pageAddress(name: string): URL {
  return new URL(name, base);
}
