/** What becomes of a message while another one to the same agent in the same context is under way. */

/** What becomes of a message while another one to the same agent in the same context is under way. */
export const conversationModes = ['parallel', 'enqueue', 'reject', 'interrupt'] as const;

export type ConversationMode = (typeof conversationModes)[number];
