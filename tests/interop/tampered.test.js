import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Webhooks } from '@octokit/webhooks';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { Collector } from './collector.js';
import { Host, newSecret } from './host.js';
import { rawPayloads } from './payloads.js';

const [old, fresh, other] = [newSecret(), newSecret(), newSecret()];
const { webhooks: stripe } = new Stripe('sk_test_unused');
const texts = rawPayloads();
let collector;
let host;

/** Whether it returns: the official clients refuse by throwing. */
const returns = (verify) => {
  try {
    verify();
    return true;
  } catch {
    return false;
  }
};

const standard = (endpoint, prefix, Client) => ({
  endpoint,
  secrets: { old, fresh },
  signed: { id: `${prefix}-id`, timestamp: `${prefix}-timestamp`, signature: `${prefix}-signature` },
  accepts: (secret, { headers, body }) => returns(() => new Client(secret).verify(body, headers)),
});

/** How the official client of each form verifies a request, and which headers it looks at. */
const clients = {
  standardwebhooks: standard('rotating', 'webhook', StandardWebhook),
  svix: standard('svix', 'svix', SvixWebhook),
  stripe: {
    endpoint: 'stripe',
    secrets: { old, fresh },
    signed: { signature: 'stripe-signature' },
    accepts: (secret, { headers, body }) => returns(() => stripe.signature.verifyHeader(body, headers['stripe-signature'], secret, 300)),
  },
  '@octokit/webhooks before a rotation': hub('hub-old', { old }),
  '@octokit/webhooks after a rotation': hub('hub-fresh', { fresh }),
};

/** The form has room for one signature: its receivers know both secrets while the sender changes from one to the other. */
function hub(endpoint, secrets) {
  return {
    endpoint,
    secrets,
    signed: { signature: 'x-hub-signature-256' },
    accepts: (secret, { headers, body }) => new Webhooks({ secret }).verify(`${body}`, headers['x-hub-signature-256']).catch(() => false),
  };
}

const withHeader = (request, name, change) => ({ ...request, headers: { ...request.headers, [name]: change(request.headers[name]) } });

/** Changes one thing that the form signs; null where the form does not sign it. */
const tampered = {
  'a changed byte': (request, _, index) => {
    const body = Buffer.from(request.body);
    // The lowest bit of an ASCII character: what it becomes is another one, which no decoder repairs.
    const ascii = [...body.keys()].filter((byte) => body[byte] < 0x80);
    body[ascii[index % ascii.length]] ^= 1;
    return { ...request, body };
  },
  'a byte more': (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from('\n')]) }),
  'a byte less': (request) => ({ ...request, body: request.body.subarray(0, -1) }),
  'another id': (request, { id }) => id ? withHeader(request, id, (value) => `${value}x`) : null,
  'a later timestamp': (request, { timestamp, signature }) =>
    timestamp ? withHeader(request, timestamp, (value) => `${Number(value) + 1}`)
      : signature === 'stripe-signature' ? withHeader(request, signature, (value) => value.replace(/t=(\d+)/, (_, at) => `t=${Number(at) + 1}`))
        : null,
  'a truncated signature': (request, { signature }) => withHeader(request, signature, (value) =>
    value.split(/(?=[ ,]v1[,=])/).map((entry) => entry.replace(/..$/, '')).join('')),
  'another signature': (request, { signature }) => withHeader(request, signature, (value) =>
    value.replace(/(?<=v1[,=]|sha256=)./g, (first) => first === '0' ? '1' : '0')),
  'no signature': (request, { signature }) => withHeader(request, signature, () => undefined),
};

before(async () => {
  collector = await Collector.start();
  host = await Host.start({
    single: [other],
    rotating: [fresh, old],
    receiverUrl: collector.url,
    schemes: {
      svix: { scheme: 'svix', secrets: [fresh, old] },
      stripe: { scheme: 'stripe', secrets: [fresh, old] },
      'hub-old': { scheme: 'hub', secrets: [old] },
      'hub-fresh': { scheme: 'hub', secrets: [fresh] },
    },
  });
  for (const text of texts) {
    await host.publishRaw(text);
  }
  await collector.waitFor(6 * texts.length, 180_000);
}, { timeout: 240_000 });

after(async () => {
  await host?.stop();
  await collector?.stop();
});

// A client that also parses what it has verified can only be asked about what its parser reads.
const parses = ({ body }) => returns(() => JSON.parse(body));

for (const [name, { endpoint, secrets, signed, accepts }] of Object.entries(clients)) {
  test(`${name} accepts every request, and none that was tampered with`, async (t) => {
    const requests = collector.requests.filter((request) => request.endpoint === endpoint && parses(request));
    assert.ok(requests.length >= 50);
    const counts = { accepted: 0, refused: 0 };
    for (const [index, request] of requests.entries()) {
      for (const [which, secret] of Object.entries(secrets)) {
        assert.equal(await accepts(secret, request), true, `the ${which} secret: ${request.body.subarray(0, 200)}`);
        counts.accepted++;
        for (const [what, tamper] of Object.entries(tampered)) {
          const twin = tamper(request, signed, index);
          if (twin) {
            assert.equal(await accepts(secret, twin), false, `${what}: ${request.body.subarray(0, 200)}`);
            counts.refused++;
          }
        }
      }
      assert.equal(await accepts(other, request), false);
    }
    t.diagnostic(`interop: ${name} accepted ${counts.accepted} requests and refused ${counts.refused} tampered twins`);
  });
}
