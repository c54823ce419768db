/** Questions of agents by e-mail: people are asked, and answer by replying.
 *
 * @module @continuo/mail
 */
export { startMailChannel, type MailChannel, type MailChannelOptions } from './mail-channel.js';
export type { Recipients } from './recipients.js';
export type { RepliesOptions } from './reply-listener.js';
export type { WebhookOptions } from './webhook-listener.js';
