/** What somebody is about to say in a chat, while another page is on its way to show it. */
/** The place of what begins a conversation. */
export const NEW = '';

const drafts = new Map<string, string>();

export function keepDraft(sessionId: string, text: string): void {
  drafts.set(sessionId, text);
}

export function draftOf(sessionId: string): string | undefined {
  return drafts.get(sessionId);
}

export function dropDraft(sessionId: string): void {
  drafts.delete(sessionId);
}
