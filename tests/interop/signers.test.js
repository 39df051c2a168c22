import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { objectPayloads, seed } from './payloads.js';
import { Receiver } from './receiver.js';
import { signers } from './signers.js';

const sources = Object.fromEntries(Object.values(signers).map(({ provider, newSecret }) => [provider, { provider, secret: newSecret() }]));
let receiver;
let ids = 0;

before(async () => {
  receiver = await Receiver.start(sources);
}, { timeout: 240_000 });

after(() => receiver?.stop());

const newId = () => `evt_official-${++ids}`;
const ago = (seconds) => new Date(Date.now() - seconds * 1000);

/** Header lines by name, each with all its values, and the payload, as the official package signs them. */
async function sign(signer, id, payload, { at = new Date(), secret = sources[signer.provider].secret } = {}) {
  const headers = await signer.sign(secret, id, payload, at);
  return { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])), payload };
}

const post = ({ provider }, { headers, payload }) => receiver.post(provider, [
  'Content-Type', 'application/json',
  ...Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value])),
], payload);

const withHeader = (request, name, change) => ({ ...request, headers: { ...request.headers, [name]: change(request.headers[name]) } });

/** What may be wrong with a signed request; each is given it, its place among the others and how to sign it otherwise. */
const tampered = {
  'a changed byte': (signer, request, index) => {
    const payload = Buffer.from(request.payload);
    payload[index % payload.length] ^= 1 << index % 8;
    return { ...request, payload };
  },
  'a byte more': (signer, request) => ({ ...request, payload: `${request.payload} ` }),
  'a byte less': (signer, request) => ({ ...request, payload: Buffer.from(request.payload).subarray(0, -1) }),
  'a changed signature': (signer, request, index) => withHeader(request, signer.signature, ([value]) => {
    const place = value.length - 2 - index % 30;
    return [value.slice(0, place) + (value[place] === 'a' ? 'b' : 'a') + value.slice(place + 1)];
  }),
  'a truncated signature': (signer, request, index) =>
    withHeader(request, signer.signature, ([value]) => [value.slice(0, -1 - index % 40)]),
  'no signature': (signer, request) => withHeader(request, signer.signature, () => []),
  'its signature twice': (signer, request) => withHeader(request, signer.signature, ([value]) => [value, value]),
  'the signature of another secret': (signer, request, index, again) => again({ secret: signer.newSecret() }),
  'a stale timestamp': (signer, request, index, again) => signer.hasNoTime ? null : again({ at: ago(310) }),
  'a timestamp to come': (signer, request, index, again) => signer.hasNoTime ? null : again({ at: ago(-360) }),
  'a timestamp that is not signed': (signer, request) => signer.timestamp
    ? withHeader(request, signer.timestamp, ([value]) => [`${Number(value) + 1}`])
    : signer.hasNoTime ? null : withHeader(request, signer.signature, ([value]) => [value.replace(/t=(\d+)/, (_, time) => `t=${Number(time) + 1}`)]),
};

for (const [name, signer] of Object.entries(signers)) {
  test(`what ${name} signs is accepted and handled once, and each tampered twin refused`, async (t) => {
    let refused = 0;
    const handled = [];
    const accept = async (id, payload, signed) => {
      assert.equal(await post(signer, signed), 200, payload.slice(0, 200));
      assert.equal(await post(signer, await sign(signer, id, payload, { at: ago(1) })), 200);
      const sha256 = createHash('sha256').update(payload).digest('hex');
      handled.push(`${signer.provider} ${signer.eventType} ${signer.key({ id, sha256 })}: ${payload}\n`);
    };
    for (const [index, { id, payload }] of objectPayloads(newId, signer.members).entries()) {
      const signed = await sign(signer, id, payload);
      for (const [what, tamper] of Object.entries(tampered)) {
        const twin = await tamper(signer, signed, index, (other) => sign(signer, id, payload, other));
        if (twin) {
          assert.equal(await post(signer, twin), 401, `${id} with ${what}`);
          refused++;
        }
      }

      await accept(id, payload, signed);
    }

    // Printed behind whatever the copies of the others may have printed.
    const [{ id, payload }] = objectPayloads(newId, signer.members);
    await accept(id, payload, await sign(signer, id, payload));
    const printed = await receiver.printedUntil(handled.at(-1));
    for (const line of handled) {
      assert.equal(printed.split(line).length - 1, 1, line.slice(0, 200));
    }
    assert.equal(printed.split(`\n${signer.provider} ${signer.eventType} `).length - 1, handled.length);
    assert.ok(handled.length >= 50 && refused >= 50 * 8);
    t.diagnostic(`interop seed ${seed}: ${handled.length} requests of ${name} accepted, handled once each, ${refused} tampered twins refused`);
  });
}
