/** Receivers of webhooks for the measurement: each path is one, and behaves as its name says. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

const SLOW_MS = 1_000;

/**
 * @typedef {object} Got
 * @property {string} id the webhook-id
 * @property {string} task
 * @property {number} seq
 * @property {string} event task and seq
 * @property {string} raw the body as it came
 * @property {Record<string, string>} headers
 */

export async function startReceiver() {
  /** @type {Map<string, Got[]>} */
  const all = new Map();
  const got = (name) => {
    const known = all.get(name) ?? [];
    all.set(name, known);
    return known;
  };
  const server = createServer((request, response) => void receive(request, response));
  const receive = async (request, response) => {
    const name = request.url.slice(1);
    const raw = await text(request).catch(() => undefined);
    // A sender that was killed.
    if (raw === undefined) return;
    got(name).push(toGot(raw, request.headers));
    if (name === 'hangs') return;
    if (name === 'closes') return void response.destroy();
    if (name === 'slow') await delay(SLOW_MS);
    if (name === 'redirects') return void response.writeHead(302, { location: '/healthy-1' }).end();
    response.writeHead(name === 'fails' ? 500 : 204).end();
  };
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    got,
    urlOf: (name) => `http://127.0.0.1:${port}/${name}`,
    isSigned,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function toGot(raw, headers) {
  const { task, statusUpdate, artifactUpdate } = JSON.parse(raw);
  const id = task?.id ?? statusUpdate?.taskId ?? artifactUpdate?.taskId;
  const seq = Number(headers['continuo-seq']);
  return { id: headers['webhook-id'], task: id, seq, event: `${id} ${seq}`, raw, headers };
}

/** Whether it has the signature that the official library makes; its age doesn't matter. */
function isSigned({ id, raw, headers }, secret) {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  return headers['webhook-signature'].split(' ').includes(new Webhook(secret).sign(id, at, raw));
}
