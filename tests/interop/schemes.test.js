import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Webhooks } from '@octokit/webhooks';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { newKeyPair, verifiedEntries } from './asymmetric.js';
import { Collector } from './collector.js';
import { Host, newSecret } from './host.js';
import { rawPayloads } from './payloads.js';

const [only, old, fresh, other] = [newSecret(), newSecret(), newSecret(), newSecret()];
const [oldKey, freshKey, otherKey] = [newKeyPair(), newKeyPair(), newKeyPair()];
const { webhooks: stripe } = new Stripe('sk_test_unused');
const texts = rawPayloads();
let collector;
let host;

before(async () => {
  collector = await Collector.start();
  host = await Host.start({
    single: [only],
    rotating: [only],
    receiverUrl: collector.url,
    schemes: {
      stripe: { scheme: 'stripe', secrets: [fresh, old] },
      acme: { scheme: 'stripe', prefix: 'Acme', secrets: [only] },
      hub: { scheme: 'hub', secrets: [only] },
      svix: { scheme: 'svix', secrets: [fresh, old] },
      asymmetric: { scheme: 'standard-webhooks', secrets: [freshKey.signingKey, oldKey.signingKey] },
      changing: { scheme: 'standard-webhooks', secrets: [freshKey.signingKey, old] },
    },
  });
  for (const text of texts) {
    await host.publishRaw(text);
  }
  await collector.waitFor(8 * texts.length, 180_000);
}, { timeout: 240_000 });

after(async () => {
  await host?.stop();
  await collector?.stop();
});

/** The requests one endpoint was sent: every payload, each message once. */
function sentTo(endpoint) {
  const byId = new Map(collector.requests
    .filter((request) => request.endpoint === endpoint)
    .map((request) => [request.headers['webhook-id'] ?? request.headers['svix-id'], request]));
  const requests = [...byId.values()];
  assert.deepEqual(requests.map(({ body }) => body.toString()).sort(), [...texts].sort());
  return requests;
}

const stripeAccepts = (secret, header, { body }) => stripe.signature.verifyHeader(body, header, secret, 300);

test('the Stripe client accepts every message with the old and the new secret during a rotation', (t) => {
  const requests = sentTo('stripe');
  for (const request of requests) {
    const header = request.headers['stripe-signature'];
    assert.ok(stripeAccepts(old, header, request));
    assert.ok(stripeAccepts(fresh, header, request));
    assert.throws(() => stripeAccepts(other, header, request), Stripe.errors.StripeSignatureVerificationError);
    assert.throws(
      () => stripeAccepts(old, header, { body: Buffer.concat([request.body, Buffer.from(' ')]) }),
      Stripe.errors.StripeSignatureVerificationError);
  }
  const object = requests.find(({ body }) => body.toString() === '{}');
  assert.deepEqual(stripe.constructEvent(object.body, object.headers['stripe-signature'], old), {});
  t.diagnostic(`interop: ${requests.length} requests accepted by the Stripe client`);
});

test('the Stripe client accepts every message under a header of our own', () => {
  for (const request of sentTo('acme')) {
    assert.ok(stripeAccepts(only, request.headers['acme-signature'], request));
    assert.equal(request.headers['stripe-signature'], undefined);
  }
});

test('the GitHub client accepts every message in the hub form', async (t) => {
  const requests = sentTo('hub');
  for (const { headers, body } of requests) {
    const signature = headers['x-hub-signature-256'];
    assert.equal(await new Webhooks({ secret: only }).verify(body.toString(), signature), true);
    assert.equal(await new Webhooks({ secret: other }).verify(body.toString(), signature), false);
    assert.equal(await new Webhooks({ secret: only }).verify(`${body} `, signature), false);
  }
  t.diagnostic(`interop: ${requests.length} requests accepted by the GitHub client`);
});

test('the Svix client accepts every message under its own headers during a rotation', (t) => {
  const requests = sentTo('svix');
  for (const { headers, body } of requests) {
    const svix = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('svix-')));
    assert.deepEqual(new SvixWebhook(old).verify(body, svix), JSON.parse(body));
    assert.deepEqual(new SvixWebhook(fresh).verify(body, svix), JSON.parse(body));
    assert.throws(() => new SvixWebhook(other).verify(body, svix));
  }
  t.diagnostic(`interop: ${requests.length} requests accepted by the Svix client`);
});

test('OpenSSL verifies every Ed25519 signature with the old and the new key during a rotation', (t) => {
  const requests = sentTo('asymmetric');
  for (const request of requests) {
    assert.equal(request.headers['webhook-signature'].split(' ').length, 2);
    assert.equal(verifiedEntries(oldKey, request).length, 1);
    assert.equal(verifiedEntries(freshKey, request).length, 1);
    assert.equal(verifiedEntries(otherKey, request).length, 0);
  }
  t.diagnostic(`interop: ${requests.length} requests verified by OpenSSL's Ed25519`);
});

test('a receiver can change from a secret to a verification key: the official clients pass the other signature by', () => {
  for (const request of sentTo('changing')) {
    const { headers, body } = request;
    assert.equal(verifiedEntries(freshKey, request).length, 1);
    assert.deepEqual(new StandardWebhook(old).verify(body.toString(), headers), JSON.parse(body));
    assert.deepEqual(new SvixWebhook(old).verify(body, headers), JSON.parse(body));
  }
});
