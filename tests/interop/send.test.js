import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { Collector } from './collector.js';
import { Host, newSecret } from './host.js';
import { rawPayloads, seed, typedData } from './payloads.js';

const [only, old, fresh] = [newSecret(), newSecret(), newSecret()];
const published = new Map();
let collector;
let host;

before(async () => {
  collector = await Collector.start();
  host = await Host.start({ single: [only], rotating: [fresh, old], receiverUrl: collector.url });
  for (const text of rawPayloads()) {
    published.set(await host.publishRaw(text), { form: 'raw', text });
  }
  const texts = typedData();
  for (const [index, id] of (await host.publishTyped(texts)).entries()) {
    published.set(id, { form: 'typed', text: texts[index] });
  }
  await collector.waitFor(2 * published.size, 180_000);
}, { timeout: 240_000 });

after(async () => {
  await host?.stop();
  await collector?.stop();
});

const sentTo = (endpoint) => collector.requests.filter((request) => request.endpoint === endpoint);
const verify = (secret, { body, headers }) => new Webhook(secret).verify(body.toString(), headers);
const signatures = ({ headers }) => headers['webhook-signature'].split(' ');

test('every message reaches both endpoints under its id, a raw one byte for byte', (t) => {
  for (const endpoint of ['single', 'rotating']) {
    const requests = sentTo(endpoint);
    assert.deepEqual(new Set(requests.map(({ headers }) => headers['webhook-id'])), new Set(published.keys()));
    for (const { headers, body } of requests) {
      const { form, text } = published.get(headers['webhook-id']);
      assert.equal(headers['content-type'], 'application/json');
      assert.match(headers['webhook-id'], /^msg_[0-9a-hjkmnp-tv-z]{26}$/);
      assert.ok(form === 'typed' || body.equals(Buffer.from(text)), `${text.slice(0, 200)} came as ${body.toString().slice(0, 200)}`);
    }
  }
  t.diagnostic(`interop seed ${seed}: ${published.size} messages published, ${collector.requests.length} requests received`);
});

test('the official client verifies every message signed with one secret', (t) => {
  const requests = sentTo('single');
  for (const request of requests) {
    const { form, text } = published.get(request.headers['webhook-id']);
    const verified = verify(only, request);
    assert.deepEqual(form === 'raw' ? verified : verified.data, JSON.parse(text));
    assert.equal(signatures(request).length, 1);
  }
  assert.ok(requests.length >= 50);
  t.diagnostic(`interop: ${requests.length} requests verified with the one secret`);
});

test('the official client verifies every message with the old and the new secret during a rotation', (t) => {
  const requests = sentTo('rotating');
  for (const request of requests) {
    assert.deepEqual(verify(old, request), verify(fresh, request));
    assert.equal(signatures(request).length, 2);
  }
  assert.ok(requests.length >= 50);
  t.diagnostic(`interop: ${requests.length} requests verified with the old and with the new secret`);
});

test('the official client refuses every message with another secret', (t) => {
  const other = newSecret();
  const refuses = (secret, request) => assert.throws(() => verify(secret, request), WebhookVerificationError);
  sentTo('single').forEach((request) => [other, old, fresh].forEach((secret) => refuses(secret, request)));
  sentTo('rotating').forEach((request) => [other, only].forEach((secret) => refuses(secret, request)));
  t.diagnostic(`interop: ${collector.requests.length} requests refused with every other secret`);
});
