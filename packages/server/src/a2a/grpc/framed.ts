/** Several messages of gRPC as one, to grpc-js: one write in place of many, which is most of what a small message costs. */

const HEAD_BYTES = 5;

/** What grpc-js asks of a message when it puts its head, five bytes, and the message into one buffer. */
interface Message {
  readonly byteLength: number;
  copy(to: Buffer, at: number): number;
}

/** On the wire each has a head of its own: that of the first is where grpc-js has put the head of all. */
export function framed(messages: readonly Buffer[]): Message {
  const [only] = messages;
  if (only !== undefined && messages.length === 1) return only;
  const bytes = messages.reduce((sum, { length }) => sum + HEAD_BYTES + length, 0);
  return {
    byteLength: bytes - HEAD_BYTES,
    copy: (to, at) => {
      let place = at - HEAD_BYTES;
      for (const message of messages) {
        to.writeUInt8(0, place);
        to.writeUInt32BE(message.length, place + 1);
        message.copy(to, place + HEAD_BYTES);
        place += HEAD_BYTES + message.length;
      }
      return bytes;
    },
  };
}
