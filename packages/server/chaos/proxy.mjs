/** The way of one instance to PostgreSQL, which can fall silent as a firewall does: bytes vanish, no FIN, no RST. */
import { connect, createServer } from 'node:net';

export class Proxy {
  /** Those whose bytes are passed on. */
  #speaking = new Set();
  #sockets = new Set();
  url = '';

  /** @param {string} target the URL of the database */
  constructor(target) {
    this.target = new URL(target);
    this.server = createServer({ allowHalfOpen: true }, (client) => {
      const { port, hostname: host } = this.target;
      const upstream = connect({ port: Number(port), host, allowHalfOpen: true });
      this.#join(client, upstream);
      this.#join(upstream, client);
    });
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.target.href);
    url.port = String(this.server.address().port);
    this.url = url.href;
  }

  /** Swallows from now on what comes on the connections that there are; new ones work. */
  fallSilent() {
    this.#speaking.clear();
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(socket, other) {
    this.#sockets.add(socket);
    this.#speaking.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => this.#speaking.has(socket) && other.write(bytes));
    socket.on('end', () => this.#speaking.has(socket) && other.end());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#speaking.delete(socket)) other.destroy();
    });
  }
}
