/** The mail servers of everybody else, on loopback: they keep what they get, and send what people reply. */
import { once } from 'node:events';
import { simpleParser, type ParsedMail } from 'mailparser';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterThisTest } from '../../../server/test/support/outcome.js';
import { until } from '../../../server/test/support/until.js';

export interface ArrivedMail extends ParsedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
}

export interface Reply {
  readonly text?: string;
  readonly html?: string;
  readonly messageId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the envelope. */
  readonly sender?: string;
  /** Default: the address that the mail asks replies to be sent to. */
  readonly to?: string;
}

export interface MailWorld {
  readonly url: string;
  /** All that arrived, in order. */
  readonly mails: readonly ArrivedMail[];
  /** Takes none of the next mails, as many as `times`. */
  refuse(times: number): void;
  /** How many were refused. */
  readonly refused: number;
  /** The mails whose text has `words`, as soon as there are `many`. */
  about(words: string, many?: number): Promise<readonly ArrivedMail[]>;
}

export async function startMailWorld(): Promise<MailWorld> {
  const mails: ArrivedMail[] = [];
  const state = { toRefuse: 0, refused: 0 };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, { envelope }, callback) {
      void simpleParser(stream).then((mail) => {
        if (state.toRefuse > 0) {
          state.toRefuse -= 1;
          state.refused += 1;
          return callback(Object.assign(new Error('Come again'), { responseCode: 451 }));
        }
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({ ...mail, envelope: { from, to: envelope.rcptTo.map(({ address }) => address) } });
        return callback();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  afterThisTest(async () => {
    server.close();
    await once(server.server, 'close');
  });
  const address = server.server.address();
  const about = (words: string) => mails.filter(({ text = '' }) => text.includes(words));
  return {
    url: `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    mails,
    refuse: (times) => {
      state.toRefuse = times;
    },
    get refused() {
      return state.refused;
    },
    about: (words, many = 1) =>
      until(() => about(words).length >= many && about(words), { what: `${many} mails about ${words}` }),
  };
}

/** The first digits of the answer of the server at `port` to a reply to `mail`: 250, or why it was refused. */
export async function sendReply(port: number, mail: ArrivedMail, { sender, to, ...reply }: Reply): Promise<number> {
  const address = to ?? mail.replyTo?.value[0]?.address ?? '';
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  const from = 'Ann <ann@people.example>';
  const envelope = { from: sender ?? 'ann@people.example', to: address };
  const headers = { ...reply.headers };
  const about = {
    subject: `Re: ${mail.subject}`,
    ...(mail.messageId === undefined ? {} : { inReplyTo: mail.messageId }),
  };
  try {
    const { response } = await transport.sendMail({ from, to: address, ...about, ...reply, headers, envelope });
    return Number(response.slice(0, 3));
  } catch (error) {
    return (error as { readonly responseCode?: number }).responseCode ?? 0;
  } finally {
    transport.close();
  }
}
