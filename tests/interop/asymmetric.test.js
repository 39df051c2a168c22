import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { newKeyPair, signEntry } from './asymmetric.js';
import { Host, newSecret } from './host.js';
import { standardPayloads } from './payloads.js';

const [only, old, fresh, other] = [newKeyPair(), newKeyPair(), newKeyPair(), newKeyPair()];
const secret = newSecret();
const payloads = standardPayloads('interop.signed');
let host;
let ids = 0;

before(async () => {
  host = await Host.start({ single: [only.verificationKey], rotating: [fresh.verificationKey, old.verificationKey, secret] });
}, { timeout: 240_000 });

after(() => host?.stop());

async function post(source, id, timestamp, signature, payload) {
  const headers = ['Content-Type', 'application/json', 'webhook-id', id, 'webhook-timestamp', timestamp, 'webhook-signature', signature];
  return (await host.post(`/webhooks/${source}`, headers, payload)).status;
}

const newId = () => `msg_key-${++ids}`;
const now = () => `${Math.floor(Date.now() / 1000)}`;
const symmetric = (id, timestamp, payload) => new Webhook(secret).sign(id, new Date(timestamp * 1000), payload);

test('every message that OpenSSL signs is accepted and handled, and refused once a byte has changed', async (t) => {
  const sent = new Map();
  for (const payload of payloads) {
    const [id, timestamp] = [newId(), now()];
    const entry = signEntry(only, id, timestamp, payload);
    sent.set(id, payload);
    assert.equal(await post('single', id, timestamp, entry, `${payload} `), 401);
    assert.equal(await post('single', id, timestamp, signEntry(other, id, timestamp, payload), payload), 401);
    assert.equal(await post('single', id, timestamp, symmetric(id, timestamp, payload), payload), 401);
    assert.equal(Math.floor(await post('single', id, timestamp, entry, payload) / 100), 2, payload.slice(0, 200));
  }
  const handled = (await host.handled()).filter((run) => sent.has(run.messageId));
  assert.deepEqual(
    handled.map((run) => [run.messageId, run.sha256]),
    [...sent].map(([id, payload]) => [id, createHash('sha256').update(payload).digest('hex')]));
  t.diagnostic(`interop: ${sent.size} messages signed by OpenSSL's Ed25519 accepted and handled`);
});

test('a source with two keys and a secret accepts each of them, beside signatures it does not know', async () => {
  for (const payload of payloads.slice(0, 15)) {
    const sign = {
      old: (id, timestamp) => signEntry(old, id, timestamp, payload),
      fresh: (id, timestamp) => signEntry(fresh, id, timestamp, payload),
      secret: (id, timestamp) => symmetric(id, timestamp, payload),
      both: (id, timestamp) => `v9,AAAA ${signEntry(other, id, timestamp, payload)} ${signEntry(old, id, timestamp, payload)}`,
    };
    for (const [which, make] of Object.entries(sign)) {
      const [id, timestamp] = [newId(), now()];
      assert.equal(Math.floor(await post('rotating', id, timestamp, make(id, timestamp), payload) / 100), 2, which);
    }
  }
});
