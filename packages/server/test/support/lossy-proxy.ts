/** A way to PostgreSQL on which chosen answers get lost: what was asked for is done, but who asked never hears of it. */
import { endTogether, startDatabaseProxy } from './database-proxy.js';

export interface LossyProxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /**
   * The next question that contains `text` is passed on; the connection breaks instead of passing on the answer to it,
   * or to the commit of its transaction. Resolves then.
   */
  loseAnswerTo(text: string): Promise<void>;
}

interface Loss {
  readonly text: string;
  readonly happened: () => void;
}

/** PostgreSQL's ReadyForQuery inside of a transaction, with which every answer ends that has not been committed yet. */
const NOT_YET = Buffer.from('Z\0\0\0\x05T');

/** Closed after the file. */
export async function startLossyProxy(databaseUrl: string): Promise<LossyProxy> {
  const losses = new Set<Loss>();
  const url = await startDatabaseProxy(databaseUrl, (client, postgres) => {
    endTogether(client, postgres);
    let lost: Loss | undefined;
    client.on('data', (question) => {
      lost ??= [...losses].find(({ text }) => question.includes(text));
      if (lost !== undefined) losses.delete(lost);
      postgres.write(question);
    });
    postgres.on('data', (answer) => {
      if (lost === undefined || answer.subarray(-NOT_YET.length).equals(NOT_YET)) {
        client.write(answer);
        return;
      }
      client.destroy();
      lost.happened();
    });
  });
  return { url, loseAnswerTo: (text) => new Promise((happened) => losses.add({ text, happened })) };
}
