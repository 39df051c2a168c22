import { createServer } from 'node:http';

/** A receiver that keeps every request and accepts it. */
export class Collector {
  #server;
  #waiting = [];
  requests = [];

  static async start() {
    const collector = new Collector();
    collector.#server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      response.writeHead(204).end();
      collector.#add({ endpoint: request.url.slice(1), headers: request.headers, body });
    });
    await new Promise((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** How many messages have reached endpoints: one that came twice counts once. */
  get deliveries() {
    return new Set(this.requests.map(({ endpoint, headers }) => `${endpoint} ${headers['webhook-id'] ?? headers['svix-id']}`)).size;
  }

  /** Waits until so many messages have reached endpoints, or throws. */
  async waitFor(count, milliseconds) {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.deliveries} of ${count} messages came within ${milliseconds} ms.`)), milliseconds);
      const look = () => {
        if (this.deliveries >= count) {
          clearTimeout(timer);
          resolve();
        }
      };
      this.#waiting.push(look);
      look();
    });
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #add(request) {
    this.requests.push(request);
    this.#waiting.forEach((look) => look());
  }
}
