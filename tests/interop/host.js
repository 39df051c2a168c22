import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const configuration = process.env.CONFIGURATION ?? 'Release';
const dll = fileURLToPath(new URL(`host/bin/${configuration}/net10.0/WebhookKit.Interop.Host.dll`, import.meta.url));
const patience = 120_000;

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** The application on our side, in a process and a database of its own. */
export class Host {
  #process;
  #ended;
  #folder;
  #url;

  /**
   * @param receiverUrl where its endpoints are; none are declared without it.
   * @param schemes more endpoints by name, each with its secrets, the scheme that signs, and the format of payloads.
   */
  static async start({ single, rotating, receiverUrl, schemes = {} }) {
    const host = new Host();
    host.#folder = await mkdtemp(join(tmpdir(), 'webhookkit-interop-'));
    const settings = { ConnectionStrings__Interop: `Data Source=${join(host.#folder, 'interop.db')}` };
    for (const [name, secrets] of Object.entries({ single, rotating })) {
      secrets.forEach((secret, index) => {
        settings[`Webhooks__Receiver__Sources__${name}__Secrets__${index}`] = secret;
        if (receiverUrl) {
          settings[`Webhooks__Sender__Endpoints__${name}__Secrets__${index}`] = secret;
        }
      });
      if (receiverUrl) {
        settings[`Webhooks__Sender__Endpoints__${name}__Url`] = `${receiverUrl}/${name}`;
        settings[`Webhooks__Sender__Endpoints__${name}__EventTypes__0`] = '*';
      }
    }

    for (const [name, { scheme, prefix, format, secrets }] of Object.entries(schemes)) {
      const section = `Webhooks__Sender__Endpoints__${name}__`;
      settings[`${section}Url`] = `${receiverUrl}/${name}`;
      settings[`${section}EventTypes__0`] = '*';
      settings[`${section}SignatureScheme`] = scheme;
      if (prefix) {
        settings[`${section}SignatureHeaderPrefix`] = prefix;
      }
      if (format) {
        settings[`${section}PayloadFormat`] = format;
      }
      secrets.forEach((secret, index) => { settings[`${section}Secrets__${index}`] = secret; });
    }

    host.#process = spawn('dotnet', [dll], { env: { ...process.env, ...settings }, stdio: ['pipe', 'pipe', 'inherit'] });
    host.#ended = once(host.#process, 'exit');
    for await (const line of createInterface(host.#process.stdout)) {
      if (line.startsWith('ready ')) {
        host.#url = line.slice('ready '.length);
        return host;
      }
    }

    await rm(host.#folder, { recursive: true });
    throw new Error(`${dll} ended before it was ready; is it built?`);
  }

  /** Publishes these bytes as they are and returns the id of the message. */
  async publishRaw(text) {
    const [id] = await this.#publish('raw', text);
    return id;
  }

  /** Publishes each JSON text as the data of an event, all at once, and returns the ids in order. */
  publishTyped(texts) {
    return this.#publish('typed', `[${texts.join(',')}]`);
  }

  /** What its handlers were given, run by run. */
  async handled() {
    return (await fetch(`${this.#url}/handled`)).json();
  }

  /** @param headers names and values in turn, sent as so many header lines. */
  async post(path, headers, payload) {
    const body = Buffer.from(payload);
    const sent = request(`${this.#url}${path}`, { method: 'POST', headers: ['Content-Length', `${body.length}`, 'Host', 'localhost', ...headers] });
    sent.end(body);
    const [response] = await once(sent, 'response');
    return { status: response.statusCode, body: Buffer.concat(await response.toArray()).toString() };
  }

  async stop() {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
    this.#process.stdin.end();
    const [code, signal] = await this.#ended;
    clearTimeout(timer);
    await rm(this.#folder, { recursive: true });
    if (code !== 0) {
      throw new Error(`The host ended with ${code ?? signal}.`);
    }
  }

  async #publish(form, text) {
    const { status, body } = await this.post(`/publish/${form}`, ['Content-Type', 'application/json'], text);
    if (status !== 200) {
      throw new Error(`publish/${form} answered ${status} to ${text.slice(0, 200)}`);
    }

    return JSON.parse(body);
  }
}
