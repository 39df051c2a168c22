import { generateKeyPairSync, sign, verify } from 'node:crypto';

const base64 = (text) => Buffer.from(text, 'base64url');

/** An Ed25519 key pair of Node.js, which is to say of its OpenSSL, in the Standard Webhooks form. */
export function newKeyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { d, x } = privateKey.export({ format: 'jwk' });
  return {
    privateKey,
    publicKey,
    signingKey: `whsk_${Buffer.concat([base64(d), base64(x)]).toString('base64')}`,
    verificationKey: `whpk_${base64(x).toString('base64')}`,
  };
}

const content = (id, timestamp, body) => Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);

/** The entry `v1a,…` of a message. */
export const signEntry = ({ privateKey }, id, timestamp, body) =>
  `v1a,${sign(null, content(id, timestamp, body), privateKey).toString('base64')}`;

/** Which of a request's `v1a` entries verify with the key. */
export const verifiedEntries = ({ publicKey }, { headers, body }) => headers['webhook-signature']
  .split(' ')
  .filter((entry) => entry.startsWith('v1a,'))
  .filter((entry) => verify(
    null,
    content(headers['webhook-id'], headers['webhook-timestamp'], body),
    publicKey,
    Buffer.from(entry.slice('v1a,'.length), 'base64')));
