/** The environment of `continuo-mail`, as the options of the channel. */
import { readFileSync } from 'node:fs';
import type { MailChannelOptions } from './mail-channel.js';
import type { Recipients } from './recipients.js';

/** Variables by their names; empty ones count as absent. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Throws an Error that names the variable at fault, and never what is in it. */
export function settingsFrom(env: Environment): MailChannelOptions {
  const optional = (name: string): string | undefined => env[name] || undefined;
  const required = (name: string): string => {
    const value = optional(name);
    if (value === undefined) throw new Error(`Set ${name}; docs/mail.md says to what.`);
    return value;
  };
  const port = (name: string, otherwise: number): number => {
    const value = Number(optional(name) ?? otherwise);
    if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new Error(`${name}: expected a port`);
    return value;
  };
  const certificate = optional('MAIL_TLS_CERT_FILE');
  return {
    url: required('CONTINUO_URL'),
    apiKey: optional('CONTINUO_API_KEY'),
    consoleUrl: optional('MAIL_CONSOLE_URL'),
    smtp: required('MAIL_SMTP_URL'),
    from: required('MAIL_FROM'),
    to: recipientsFrom(required('MAIL_TO')),
    replies: {
      domain: required('MAIL_REPLY_DOMAIN'),
      secret: required('MAIL_SECRET'),
      host: optional('MAIL_HOST') ?? '0.0.0.0',
      port: port('MAIL_PORT', 2525),
      tls:
        certificate === undefined
          ? undefined
          : { cert: readFileSync(certificate, 'utf8'), key: readFileSync(required('MAIL_TLS_KEY_FILE'), 'utf8') },
    },
    webhook: {
      url: required('MAIL_WEBHOOK_URL'),
      host: optional('MAIL_WEBHOOK_HOST') ?? '127.0.0.1',
      port: port('MAIL_WEBHOOK_PORT', 5025),
    },
  };
}

/** `ann@example.com, support/refunds=bob@example.com`: whom questions go to, and whom those of one agent go to instead. */
function recipientsFrom(text: string): Recipients {
  const to: Record<string, string[]> = {};
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [, agent = '*', address = ''] = /^(?:([^=@\s]+\/[^=@\s]+)=)?([^\s=@]+@[^\s=@]+)$/.exec(entry) ?? [];
    if (address === '') throw new Error('MAIL_TO: expected addresses, or type/name=address, separated by commas');
    to[agent] = [...(to[agent] ?? []), address];
  }
  return to;
}
