import { Webhooks } from '@octokit/webhooks';
import { randomBytes } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

const { webhooks: stripe } = new Stripe('sk_test_unused');
const seconds = (at) => Math.floor(at.getTime() / 1000);
const whsec = () => `whsec_${randomBytes(32).toString('base64')}`;
const standard = (type, data) => [['type', JSON.stringify(type)], ['timestamp', '"2026-01-01T00:00:00.000Z"'], ['data', data]];

/**
 * What the official packages sign with, each for the provider it belongs to. `sign` gives the headers, where
 * `signature` names the one that proves the rest, and `key` what two copies of an event have in common.
 */
export const signers = {
  standardwebhooks: {
    provider: 'standard-webhooks',
    newSecret: whsec,
    eventType: 'invoice.paid',
    members: (id, data) => standard('invoice.paid', data),
    signature: 'webhook-signature',
    timestamp: 'webhook-timestamp',
    key: ({ id }) => id,
    sign: async (secret, id, payload, at) => ({
      'webhook-id': id,
      'webhook-timestamp': `${seconds(at)}`,
      'webhook-signature': new StandardWebhook(secret).sign(id, at, payload),
    }),
  },
  svix: {
    provider: 'svix',
    newSecret: whsec,
    eventType: 'invoice.paid',
    members: (id, data) => standard('invoice.paid', data),
    signature: 'svix-signature',
    timestamp: 'svix-timestamp',
    key: ({ id }) => id,
    sign: async (secret, id, payload, at) => ({
      'svix-id': id,
      'svix-timestamp': `${seconds(at)}`,
      'svix-signature': new SvixWebhook(secret).sign(id, at, payload),
    }),
  },
  stripe: {
    provider: 'stripe',
    newSecret: whsec,
    eventType: 'invoice.paid',
    members: (id, data) => [
      ['id', JSON.stringify(id)], ['object', '"event"'], ['type', '"invoice.paid"'], ['data', `{"object":${data}}`],
    ],
    signature: 'stripe-signature',
    key: ({ id }) => id,
    sign: async (secret, id, payload, at) => ({
      'stripe-signature': stripe.generateTestHeaderString({ payload, secret, timestamp: seconds(at) }),
    }),
  },
  '@octokit/webhooks': {
    provider: 'github',
    newSecret: () => randomBytes(32).toString('hex'),
    eventType: 'invoices.paid',
    members: (id, data) => [['action', '"paid"'], ['number', JSON.stringify(id)], ['invoice', data]],
    signature: 'x-hub-signature-256',
    hasNoTime: true,
    key: ({ sha256 }) => `sha256:${sha256}`,
    sign: async (secret, id, payload) => ({
      'x-github-event': 'invoices',
      'x-github-delivery': id,
      'x-hub-signature-256': await new Webhooks({ secret }).sign(payload),
    }),
  },
};
