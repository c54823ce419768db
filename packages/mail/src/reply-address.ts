/** The address that a question is answered at: it says which question of which task, and whom it was sent to, and can't be made up. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What an address stands for. The question is known by a digest of its id: there is no room for more. */
export interface AddressedQuestion {
  /** As it was read. */
  readonly address: string;
  readonly taskId: string;
  readonly recipient: string;
  isQuestion(id: string): boolean;
}

export interface AddressedTo {
  /** A UUID. */
  readonly taskId: string;
  readonly questionId: string;
  readonly recipient: string;
}

export interface ReplyAddressOptions {
  readonly domain: string;
  readonly secret: string;
  /** Who may have been asked; an address that was sent to anybody else is worth nothing. */
  readonly recipients: readonly string[];
}

/*
 * `reply+` and 58 digits are the 64 characters that the local part of an address may have. Digits to the base of 32, as mail
 * servers may change the case of letters. Of the 36 bytes 16 are the task, 4 the question, 4 the recipient; 12 prove them.
 */
const BYTES = { task: 16, digest: 4, proof: 12 };
const SAID = BYTES.task + 2 * BYTES.digest;
const DIGITS = Math.ceil(((SAID + BYTES.proof) * 8) / 5);
const LOCAL_PART = new RegExp(`^reply\\+([0-9a-v]{${DIGITS}})$`);
const SHORTEST_SECRET = 32;

/** Makes addresses and reads them. Throws for a secret of less than 32 characters. */
export class ReplyAddresses {
  constructor(private readonly options: ReplyAddressOptions) {
    if (options.secret.length < SHORTEST_SECRET) {
      throw new Error(
        `The secret has to have at least ${SHORTEST_SECRET} characters, as \`openssl rand -hex 32\` makes.`,
      );
    }
  }

  of({ taskId, questionId, recipient }: AddressedTo): string {
    const said = Buffer.concat([
      Buffer.from(taskId.replaceAll('-', ''), 'hex'),
      digest(questionId),
      digest(recipient.toLowerCase()),
    ]);
    if (said.length !== SAID) throw new Error(`Task ${taskId} has no UUID.`);
    return `reply+${toDigits(Buffer.concat([said, this.#proof(said)]))}@${this.options.domain}`;
  }

  /** Undefined for whatever is none of ours, or was sent to somebody who isn't asked any more. */
  read(address: string): AddressedQuestion | undefined {
    const { domain, recipients } = this.options;
    const [local = '', host, ...others] = address.toLowerCase().split('@');
    const [, digits] = LOCAL_PART.exec(local) ?? [];
    if (digits === undefined || host !== domain.toLowerCase() || others.length > 0) return undefined;
    const bytes = toBytes(digits);
    const said = bytes?.subarray(0, SAID);
    if (bytes === undefined || said === undefined) return undefined;
    if (!timingSafeEqual(this.#proof(said), bytes.subarray(SAID))) return undefined;
    const question = said.subarray(BYTES.task, BYTES.task + BYTES.digest);
    const whom = said.subarray(BYTES.task + BYTES.digest);
    const recipient = recipients.find((one) => digest(one.toLowerCase()).equals(whom));
    if (recipient === undefined) return undefined;
    const hex = said.toString('hex', 0, BYTES.task);
    const taskId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return { address, taskId, recipient, isQuestion: (id) => digest(id).equals(question) };
  }

  #proof(said: Buffer): Buffer {
    return createHmac('sha256', this.options.secret).update(said).digest().subarray(0, BYTES.proof);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, BYTES.digest);
}

function toDigits(bytes: Buffer): string {
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(32)
    .padStart(DIGITS, '0');
}

/** Undefined for a number that is too large. */
function toBytes(digits: string): Buffer | undefined {
  let number = 0n;
  for (const digit of digits) number = number * 32n + BigInt(Number.parseInt(digit, 32));
  const hex = number.toString(16).padStart(2 * (SAID + BYTES.proof), '0');
  return hex.length === 2 * (SAID + BYTES.proof) ? Buffer.from(hex, 'hex') : undefined;
}
