/** One connection to an event stream, which is given up when it falls silent. */

/** Instances say something every second; one that is silent for this long is paused or gone. */
const SILENT_MS = 4_000;
const TERMINAL = /^TASK_STATE_(COMPLETED|FAILED|CANCELED|REJECTED)$/;

/**
 * @typedef {object} Block
 * @property {string | undefined} id
 * @property {any} data
 */

/**
 * Reads until `take` answers false, the stream ends, or it falls silent. Throws when the connection is lost.
 *
 * @param {(signal: AbortSignal) => Promise<Response>} open
 * @param {(block: Block) => boolean} take
 * @param {AbortSignal} signal
 * @returns {Promise<{ status: number, text: string }>} `text` of an answer that is no stream
 */
export async function readStream(open, take, signal) {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const response = await open(AbortSignal.any([silence.signal, signal]));
    const { status, body } = response;
    if (status !== 200 || body === null) return { status, text: await response.text() };
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      timer.refresh();
      const texts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = texts.pop() ?? '';
      for (const text of texts) {
        const block = toBlock(text);
        if (block !== undefined && !take(block)) return { status, text: '' };
      }
    }
    return { status, text: '' };
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** Whether an event ends its task. */
export function isEnd({ task, statusUpdate }) {
  return TERMINAL.test((statusUpdate ?? task)?.status.state ?? '');
}

/** Undefined for a comment. */
function toBlock(text) {
  const lines = text.split('\n');
  const data = lines.find((line) => line.startsWith('data: '))?.slice(6);
  const id = lines.find((line) => line.startsWith('id: '))?.slice(4);
  return data === undefined ? undefined : { id, data: JSON.parse(data) };
}
