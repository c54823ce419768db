/** What people have written and not sent yet is kept in this browser, until it is sent or they sign out. */
export const DRAFT = 'continuo-draft ';

export function dropDrafts(): void {
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith(DRAFT));
  for (const key of drafts) localStorage.removeItem(key);
}
