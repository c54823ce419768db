/** Sends mails by the mail server of the settings. */
import { createTransport } from 'nodemailer';
import type { Mail } from './mails.js';

const ANSWERS_WITHIN_MS = 5_000;
const SILENCE_MS = 30_000;

export class Mailer {
  readonly #transport;

  /** `smtp`: `smtps://user:password@mail.example.com:465`. `from`: `Continuo <agents@example.com>`. */
  constructor(
    smtp: string,
    private readonly from: string,
  ) {
    const timeouts = {
      connectionTimeout: ANSWERS_WITHIN_MS,
      greetingTimeout: ANSWERS_WITHIN_MS,
      socketTimeout: SILENCE_MS,
    };
    this.#transport = createTransport({ url: smtp, disableFileAccess: true, disableUrlAccess: true, ...timeouts });
  }

  /** Resolves when the mail server has taken it. Throws an Error without credentials and content. */
  async send(mail: Mail): Promise<void> {
    // Nobody is told when a mail of ours can't be delivered that is itself about a mail: that could go round in circles.
    const envelope = mail.inReplyTo === undefined ? {} : { envelope: { from: '', to: mail.to } };
    await this.#transport.sendMail({ from: this.from, ...mail, ...envelope }).catch((error: unknown) => {
      const { code = 'unknown', responseCode = '' } = error as {
        readonly code?: string;
        readonly responseCode?: number;
      };
      throw new Error(`The mail server did not take the mail: ${code} ${responseCode}`.trim());
    });
  }

  close(): void {
    this.#transport.close();
  }
}
