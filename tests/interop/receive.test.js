import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Host, newSecret } from './host.js';
import { seed, standardPayloads } from './payloads.js';

const [only, old, fresh] = [newSecret(), newSecret(), newSecret()];
const payloads = standardPayloads('interop.signed');
let host;
let ids = 0;

before(async () => {
  host = await Host.start({ single: [only], rotating: [fresh, old] });
}, { timeout: 240_000 });

after(() => host?.stop());

const newId = () => `msg_node-${++ids}`;
const ago = (seconds) => new Date(Date.now() - seconds * 1000);
const sha256 = (payload) => createHash('sha256').update(payload).digest('hex');

/** A request as the official client signs it. */
function sign(secret, id, payload, at = new Date()) {
  return {
    id: [id],
    timestamp: [`${Math.floor(at.getTime() / 1000)}`],
    signature: [new Webhook(secret).sign(id, at, payload)],
    payload,
  };
}

async function post(source, { id, timestamp, signature, payload }) {
  const lines = (name, values) => values.flatMap((value) => [name, value]);
  const headers = [
    'Content-Type', 'application/json',
    ...lines('webhook-id', id), ...lines('webhook-timestamp', timestamp), ...lines('webhook-signature', signature),
  ];
  return (await host.post(`/webhooks/${source}`, headers, payload)).status;
}

const assertAccepted = async (source, request) =>
  assert.equal(Math.floor((await post(source, request)) / 100), 2, `${request.id}: ${request.payload.slice(0, 200)}`);

/** Asserts that these messages, by id, were handled once each with their exact bytes. */
async function assertHandledOnce(source, expected) {
  const handled = (await host.handled()).filter((run) => expected.has(run.messageId));
  assert.deepEqual(
    handled.map((run) => [run.source, run.messageId, run.sha256]),
    [...expected].map(([id, payload]) => [source, id, sha256(payload)]));
}

test('every message the official client signs is accepted, and handled once although it comes twice', async (t) => {
  const sent = new Map();
  for (const payload of payloads) {
    const id = newId();
    sent.set(id, payload);
    await assertAccepted('single', sign(only, id, payload));
    await assertAccepted('single', sign(only, id, payload, ago(-2)));
  }
  await assertHandledOnce('single', sent);
  assert.ok(sent.size >= 50);
  t.diagnostic(`interop seed ${seed}: ${sent.size} messages of the official client accepted and handled once`);
});

test('a source with two secrets accepts the old one, the new one and both', async (t) => {
  const sent = new Map();
  for (const payload of payloads) {
    for (const secrets of [[old], [fresh], [old, fresh], [newSecret(), old]]) {
      const id = newId();
      const at = new Date();
      const [first, ...more] = secrets.map((secret) => sign(secret, id, payload, at));
      sent.set(id, payload);
      await assertAccepted('rotating', { ...first, signature: [[first, ...more].map(({ signature }) => signature).join(' ')] });
    }
  }
  await assertHandledOnce('rotating', sent);
  t.diagnostic(`interop: ${sent.size} messages accepted during a rotation`);
});

/** What may be wrong with a request: each returns the request to send in place of the signed one. */
const tampered = {
  'a changed byte of the payload': (signed, index) => {
    const payload = Buffer.from(signed.payload);
    payload[index % payload.length] ^= 1 << index % 8;
    return { ...signed, payload };
  },
  'a byte more': (signed) => ({ ...signed, payload: `${signed.payload}\n` }),
  'another id': (signed) => ({ ...signed, id: [`${signed.id}x`] }),
  'a later timestamp': (signed) => ({ ...signed, timestamp: [`${Number(signed.timestamp) + 1}`] }),
  'a stale timestamp': (signed) => sign(only, signed.id[0], signed.payload, ago(310)),
  'a timestamp to come': (signed) => sign(only, signed.id[0], signed.payload, ago(-360)),
  'a truncated signature': (signed, index) => ({ ...signed, signature: [signed.signature[0].slice(0, -1 - (index % 44))] }),
  'a signature by another secret': (signed) => sign(newSecret(), signed.id[0], signed.payload),
  'the label of another version': (signed) => ({ ...signed, signature: [signed.signature[0].replace('v1,', 'v2,')] }),
  ...Object.fromEntries(['id', 'timestamp', 'signature'].flatMap((header) => [
    [`no ${header} header`, (signed) => ({ ...signed, [header]: [] })],
    [`two ${header} headers`, (signed) => ({ ...signed, [header]: [...signed[header], ...signed[header]] })],
  ])),
};

for (const [what, tamper] of Object.entries(tampered)) {
  test(`every message with ${what} is refused, and accepted as it was signed`, async (t) => {
    const before = await host.handled();
    const refused = new Map();
    for (const [index, payload] of payloads.entries()) {
      const id = newId();
      refused.set(id, payload);
      assert.equal(await post('single', tamper(sign(only, id, payload), index)), 401, payload.slice(0, 200));
    }
    assert.deepEqual(await host.handled(), before);

    for (const [id, payload] of refused) {
      await assertAccepted('single', sign(only, id, payload));
    }
    await assertHandledOnce('single', refused);
    t.diagnostic(`interop: ${refused.size} messages with ${what} refused`);
  });
}
