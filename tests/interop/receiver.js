import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const configuration = process.env.CONFIGURATION ?? 'Release';
const dll = fileURLToPath(new URL(`../../samples/Receiver/bin/${configuration}/net10.0/Receiver.dll`, import.meta.url));
const patience = 120_000;

/** The sample receiver, in a process and a database of its own; what it handles it prints. */
export class Receiver {
  #process;
  #ended;
  #folder;
  #url;
  #printed = '';
  #waiting = [];

  /** @param sources by name, each with its provider and secret: all that the receiver knows of them. */
  static async start(sources) {
    const receiver = new Receiver();
    receiver.#folder = await mkdtemp(join(tmpdir(), 'webhookkit-interop-'));
    const settings = {
      File: join(receiver.#folder, 'received.db'),
      Logging__LogLevel__Default: 'Error',
      'Logging__LogLevel__Microsoft.Hosting.Lifetime': 'Information',
    };
    for (const [name, { provider, secret }] of Object.entries(sources)) {
      settings[`Webhooks__Receiver__Sources__${name}__Provider`] = provider;
      settings[`Webhooks__Receiver__Sources__${name}__Secrets`] = secret;
    }

    const { File, ...environment } = settings;
    receiver.#process = spawn('dotnet', [dll, '--urls', 'http://127.0.0.1:0', '--File', File], {
      cwd: receiver.#folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    receiver.#ended = once(receiver.#process, 'exit');
    receiver.#process.stdout.setEncoding('utf8').on('data', (text) => receiver.#print(text));
    receiver.#url = await receiver.#read(/Now listening on: (\S+)/);
    return receiver;
  }

  /** @param headers names and values in turn, sent as so many header lines. */
  async post(source, headers, payload) {
    const body = Buffer.from(payload);
    const sent = request(`${this.#url}/webhooks/${source}`, {
      method: 'POST',
      headers: ['Host', 'localhost', 'Content-Length', `${body.length}`, ...headers],
    });
    sent.end(body);
    const [response] = await once(sent, 'response');
    response.resume();
    return response.statusCode;
  }

  /** All that was printed until this text, which is printed once what came before it is handled. */
  async printedUntil(text) {
    await this.#read(new RegExp(`(${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})`));
    return this.#printed;
  }

  async stop() {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
    this.#process.kill('SIGTERM');
    const [code, signal] = await this.#ended;
    clearTimeout(timer);
    await rm(this.#folder, { recursive: true });
    if (code !== 0) {
      throw new Error(`The receiver ended with ${code ?? signal}.`);
    }
  }

  #print(text) {
    this.#printed += text;
    this.#waiting.forEach((look) => look());
  }

  #read(pattern) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.#printed);
        if (found) {
          this.#waiting = this.#waiting.filter((other) => other !== look);
          resolve(found[1]);
        }
      };
      this.#waiting.push(look);
      this.#ended.then(() => reject(new Error(`${dll} ended; is it built?`)));
      look();
    });
  }
}
