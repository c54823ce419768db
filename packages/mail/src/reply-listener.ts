/** Receives replies by SMTP: mails to addresses that were given out here, and no others. */
import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { isAutomatic } from './automatic-mail.js';
import { hash } from './mails.js';
import type { AddressedQuestion, ReplyAddresses } from './reply-address.js';
import { writtenText } from './written-text.js';

/** What a person has written to an address. */
export interface TakenReply {
  readonly to: AddressedQuestion;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly subject: string;
  /** Who says to have written it. */
  readonly from: string;
  /** What they call themselves; may be empty. */
  readonly name: string;
  /** Without quotations and signature; may be empty. */
  readonly text: string;
}

/** Where replies come in. */
export interface RepliesOptions {
  /** Of the addresses that are answered to: `replies.example.com`. */
  readonly domain: string;
  /** What makes addresses that nobody can make up; at least 32 characters. Who has it can answer any question. */
  readonly secret: string;
  readonly host: string;
  readonly port: number;
  /** PEM; mails come over STARTTLS then. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

export interface Received extends RepliesOptions {
  readonly addresses: ReplyAddresses;
  /** The address that questions come from. */
  readonly own: string;
  /** Resolves when the reply is dealt with for good; what it throws has the sender send it again later. */
  readonly take: (reply: TakenReply) => Promise<void>;
  readonly log: (line: string) => void;
}

const MOST_BYTES = 10 * 1024 * 1024;
const MOST_HTML = 1024 * 1024;
const MOST_CONNECTIONS = 20;
const SILENCE_MS = 60_000;

/** Resolves when it listens; gives what ends it. */
export async function listenForReplies(options: Received): Promise<() => Promise<void>> {
  const { domain, host, port, tls, addresses, own, take, log } = options;
  const server = new SMTPServer({
    ...tls,
    name: domain,
    size: MOST_BYTES,
    rejectOversized: true,
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    disableReverseLookup: true,
    maxClients: MOST_CONNECTIONS,
    socketTimeout: SILENCE_MS,
    onRcptTo({ address }, { envelope }, callback) {
      if (addresses.read(address) === undefined) return callback(refusal(550, 'There is no such address here'));
      if (envelope.rcptTo.length > 0) return callback(refusal(452, 'One recipient at a time'));
      callback();
    },
    onData(stream, session, callback) {
      receive(stream, session).then(
        () => callback(null, 'Taken'),
        (error: unknown) => {
          log(`A reply could not be taken, its sender will try again: ${error instanceof Error ? error.message : ''}`);
          callback(refusal(451, 'Try again later'));
        },
      );
    },
  });
  // Whoever hangs up in the middle of a mail sends it again.
  server.on('error', ({ message }) => log(`A connection of a mail server failed: ${message}`));
  const listening = new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  await listening;
  return async () => {
    server.close();
    await once(server.server, 'close');
  };

  async function receive(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const raw = await bytesOf(stream);
    const to = addresses.read(envelope.rcptTo[0]?.address ?? '');
    if (stream.sizeExceeded || to === undefined) return;
    const mail = await simpleParser(raw, {
      skipImageLinks: true,
      skipTextToHtml: true,
      maxHtmlLengthToParse: MOST_HTML,
    });
    const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    if (isAutomatic(mail, { sender, own })) return log(`An automatic mail about task ${to.taskId} was ignored.`);
    await take({
      to,
      messageId: mail.messageId ?? `<${hash(raw.toString('latin1'))}>`,
      subject: mail.subject ?? '',
      from: mail.from?.value[0]?.address ?? sender,
      name: mail.from?.value[0]?.name ?? '',
      text: writtenText(mail.text ?? '', own),
    });
  }
}

/** At most the bytes that are taken: what is more is read and dropped, and refused at its end. */
async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
