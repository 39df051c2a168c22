// Writes catalogue.json beside itself: signed requests for every entry of the catalogue, computed here from the
// providers' rules with Node's own crypto alone, so that no rule is tested by itself. Public keys are made anew by each run.
//
//   node tests/vectors/catalogue.mjs
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOW = 1750000000;
const URL_ = 'https://example.com/hooks/kit?tenant=a%20b';
const BODY = '{"type":"kit","data":{"name":"Zoë \\u00e9 <&>","n":1.50}}\n';
const vectors = [];

const hmac = (algorithm, key, ...parts) => {
  const h = crypto.createHmac(algorithm, key);
  for (const part of parts) h.update(part);
  return h.digest();
};
const hex = (bytes) => bytes.toString('hex');
const base64 = (bytes) => bytes.toString('base64');
const base64url = (bytes) => bytes.toString('base64url');
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();

function add(scheme, id, request, expected, reason, more = {}) {
  const { body = BODY, ...rest } = request;
  vectors.push({
    id: `cat-${scheme}-${id}`, provider: scheme, schemeId: scheme, kind: 'verify', method: 'POST', ...rest,
    ...(Buffer.isBuffer(body) ? { bodyBase64: base64(body) } : { bodyUtf8: body }),
    now: NOW, expected, assert: 'must', reason, basis: expected === 'valid' ? 'recipe' : 'derived', ...more,
  });
}

const either = { assert: 'either' };
const otherCase = (text) => text.replace(/[a-f]/g, (c) => c.toUpperCase());
const spoil = (text) => text.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (c) => (c === 'A' ? 'B' : 'A'));

// Signatures over the body, a timestamp or the URL, in one header.
function rule(scheme, {
  header, secret = 'kit-secret', key = (s) => Buffer.from(s, 'utf8'), algorithm = 'sha256', encode = hex, prefix = '',
  content = (b) => [b], url, method, write, timestamp, tolerance, headers = () => ({}), repeated = false, otherSecret = 'kit-other',
}) {
  // What is the same for all of a family is asked of one or two of it.
  const isSample = ['github', 'mollie', 'recurly', 'shopify', 'slack', 'square', 'stripe', 'typeform'].includes(scheme);
  const at = (t) => timestamp?.(t);
  const request = (body, { signer = secret, t = NOW, changed = (text) => text, secrets = [secret] } = {}) => {
    const ts = at(t);
    const signed = content(Buffer.from(body), ts, url, method ?? 'POST');
    const text = changed(prefix + encode(hmac(algorithm, key(signer), ...signed)));
    return {
      secrets, ...(url ? { url } : {}), ...(method ? { method } : {}), body,
      headers: { ...headers(ts), [header]: write ? write(text, ts) : text },
    };
  };

  add(scheme, 'ok', request(BODY), 'valid', 'signed by the documented rule');
  if (isSample) add(scheme, 'lower', { ...request(BODY), headers: Object.fromEntries(Object.entries(request(BODY).headers).map(([n, v]) => [n.toLowerCase(), v])) }, 'valid', 'header names have no case');
  if (isSample) add(scheme, 'upper', { ...request(BODY), headers: Object.fromEntries(Object.entries(request(BODY).headers).map(([n, v]) => [n.toUpperCase(), v])) }, 'valid', 'header names have no case');
  add(scheme, 'rotation', request(BODY, { secrets: [otherSecret, secret] }), 'valid', 'any secret may match');
  add(scheme, 'tamper', { ...request(BODY), body: BODY.replace('1.50', '1.51') }, 'invalid', 'tampered body');
  if (isSample) add(scheme, 'tail', { ...request(BODY), body: BODY.trimEnd() }, 'invalid', 'a line break at the end is signed too');
  add(scheme, 'key', request(BODY, { signer: otherSecret }), 'invalid', 'another key');
  add(scheme, 'spoilt', request(BODY, { changed: spoil }), 'invalid', 'not the signature');
  if (isSample) add(scheme, 'cut', request(BODY, { changed: (t) => t.slice(0, -2) }), 'invalid', 'truncated');
  if (isSample) add(scheme, 'empty', request(BODY, { changed: () => '' }), 'invalid', 'no signature');
  const missing = request(BODY);
  delete missing.headers[header];
  add(scheme, 'missing', missing, 'invalid', 'no signature header');
  const twice = request(BODY);
  twice.headers[header] = [twice.headers[header], twice.headers[header]];
  add(scheme, 'twice', twice, repeated ? 'valid' : 'invalid', 'the header on two lines');
  if (isSample) add(scheme, 'nosecret', request(BODY, { secrets: [''] }), 'invalid', 'an empty secret is a mistake of the configuration');
  if (prefix) add(scheme, 'noprefix', request(BODY, { changed: (t) => t.slice(prefix.length) }), repeated ? 'valid' : 'invalid', 'without its prefix');
  if (isSample && encode === hex) add(scheme, 'case', request(BODY, { changed: (t) => prefix + otherCase(t.slice(prefix.length)) }), 'invalid', 'upper-case digits', either);
  if (isSample && encode === hex) add(scheme, 'base64', request(BODY, { changed: (t) => prefix + base64(Buffer.from(t.slice(prefix.length), 'hex')) }), 'invalid', 'base64 in place of hexadecimal');
  if (isSample && encode === base64) add(scheme, 'hex', request(BODY, { changed: (t) => prefix + hex(Buffer.from(t.slice(prefix.length), 'base64')) }), 'invalid', 'hexadecimal in place of base64');
  if (isSample && encode === base64) add(scheme, 'unpadded', request(BODY, { changed: (t) => t.replace(/=+$/, '') }), 'invalid', 'without padding', either);
  if (isSample) {
    add(scheme, 'nobody', request(''), 'valid', 'an empty body is signed like any other');
    add(scheme, 'bom', request(Buffer.from('\ufeff{}')), 'valid', 'a byte order mark is signed like every byte');
    add(scheme, 'nobom', { ...request(Buffer.from('\ufeff{}')), body: '{}' }, 'invalid', 'the byte order mark is gone');
    add(scheme, 'binary', request(Buffer.from([0, 255, 254, 128, 10, 13])), 'valid', 'bytes that are no text');
  }
  if (url) {
    add(scheme, 'url', { ...request(BODY), url: url + '/' }, 'invalid', 'another URL');
    const nowhere = request(BODY);
    delete nowhere.url;
    add(scheme, 'nourl', nowhere, 'invalid', 'the URL is signed and not known');
  }
  if (timestamp) {
    add(scheme, 'shift', (() => {
      const own = request(BODY);
      const [a, b] = [at(NOW), at(NOW - 1)];
      own.headers = JSON.parse(JSON.stringify(own.headers).replaceAll(JSON.stringify(a).slice(1, -1), JSON.stringify(b).slice(1, -1)));
      return own;
    })(), 'invalid', 'the timestamp is signed');
  }
  if (tolerance) {
    add(scheme, 'edge', { ...request(BODY, { t: NOW - tolerance }) }, 'valid', 'as old as the tolerance');
    add(scheme, 'stale', { ...request(BODY, { t: NOW - tolerance - 1 }) }, 'invalid', 'older than the tolerance');
    add(scheme, 'future', { ...request(BODY, { t: NOW + tolerance + 1 }) }, 'invalid', 'further ahead than the tolerance', either);
    add(scheme, 'off', { ...request(BODY, { t: NOW - 86400 * 400 }), checkTimestamp: false }, 'valid', 'freshness switched off');
    if (isSample) add(scheme, 'wide', { ...request(BODY, { t: NOW - 5000 }), toleranceSeconds: 5000 }, 'valid', 'a tolerance of the receiver');
    if (isSample) add(scheme, 'wider', { ...request(BODY, { t: NOW - 5001 }), toleranceSeconds: 5000 }, 'invalid', 'a tolerance of the receiver');
  }
}

const seconds = (t) => `${t}`;
const millis = (t) => `${t}000`;
const rfc3339 = (t) => new Date(t * 1000).toISOString().replace('.000Z', 'Z');

// F2: the raw body.
for (const [scheme, header, options] of [
  ['adyen-header', 'HmacSignature', { encode: base64, secret: '79A3EAF309C43708726A8C284C0D72618696A12E840DFA1DF3A158AFA3B577DA', otherSecret: '00A3EAF309C43708726A8C284C0D7261', key: (s) => Buffer.from(s, 'hex'), headers: () => ({ Protocol: 'HmacSHA256' }) }],
  ['airtable', 'X-Airtable-Content-MAC', { prefix: 'hmac-sha256=', secret: 'a2l0IHNlY3JldCBrZXk=', otherSecret: 'b3RoZXI=', key: (s) => Buffer.from(s, 'base64') }],
  ['asana', 'X-Hook-Signature', {}],
  ['authorize-net', 'X-ANET-Signature', { prefix: 'sha512=', algorithm: 'sha512', encode: (b) => hex(b).toUpperCase(), secret: 'AABBCCDDEEFF00112233', otherSecret: 'AABB', key: (s) => Buffer.from(s, 'hex') }],
  ['bitbucket', 'X-Hub-Signature', { prefix: 'sha256=' }],
  ['cal-com', 'X-Cal-Signature-256', {}],
  ['checkout-com', 'Cko-Signature', {}],
  ['circleci', 'circleci-signature', { write: (t) => `v2=00,v1=${t}` }],
  ['clickup', 'X-Signature', {}],
  ['coinbase-commerce', 'X-CC-Webhook-Signature', {}],
  ['docusign', 'X-DocuSign-Signature-1', { encode: base64 }],
  ['dropbox', 'X-Dropbox-Signature', {}],
  ['dub', 'Dub-Signature', {}],
  ['dwolla', 'X-Request-Signature-SHA-256', {}],
  ['github', 'X-Hub-Signature-256', { prefix: 'sha256=' }],
  ['gocardless', 'Webhook-Signature', {}],
  ['heroku', 'Heroku-Webhook-Hmac-SHA256', { encode: base64 }],
  ['intercom', 'X-Hub-Signature', { prefix: 'sha1=', algorithm: 'sha1' }],
  ['intuit', 'intuit-signature', { encode: base64 }],
  ['jira', 'X-Hub-Signature', { prefix: 'sha256=' }],
  ['launchdarkly', 'X-LD-Signature', {}],
  ['lemonsqueezy', 'X-Signature', {}],
  ['line', 'x-line-signature', { encode: base64 }],
  ['meta', 'X-Hub-Signature-256', { prefix: 'sha256=' }],
  ['mollie', 'X-Mollie-Signature', { prefix: 'sha256=', repeated: true }],
  ['notion', 'X-Notion-Signature', { prefix: 'sha256=' }],
  ['npm', 'x-npm-signature', { prefix: 'sha256=' }],
  ['pagerduty', 'X-PagerDuty-Signature', { write: (t) => `v1=${'0'.repeat(64)},v1=${t}` }],
  ['paystack', 'x-paystack-signature', { algorithm: 'sha512' }],
  ['pusher', 'X-Pusher-Signature', { headers: () => ({ 'X-Pusher-Key': 'kit-app' }) }],
  ['razorpay', 'X-Razorpay-Signature', {}],
  ['segment', 'X-Signature', { algorithm: 'sha1' }],
  ['sentry', 'Sentry-Hook-Signature', {}],
  ['shopify', 'X-Shopify-Hmac-Sha256', { encode: base64 }],
  ['shopify-events', 'shopify-hmac-sha256', { encode: base64 }],
  ['typeform', 'Typeform-Signature', { encode: base64, prefix: 'sha256=' }],
  ['vercel', 'x-vercel-signature', { algorithm: 'sha1' }],
  ['websub', 'X-Hub-Signature', { prefix: 'sha256=' }],
  ['woocommerce', 'X-WC-Webhook-Signature', { encode: base64 }],
  ['x', 'x-twitter-webhooks-signature', { encode: base64, prefix: 'sha256=' }],
  ['xero', 'x-xero-signature', { encode: base64 }],
]) rule(scheme, { header, ...options });

for (const [method, algorithm] of [['sha384', 'sha384'], ['sha512', 'sha512']]) {
  add('websub', method, { secrets: ['kit'], headers: { 'X-Hub-Signature': `${method}=${hex(hmac(algorithm, 'kit', BODY))}` } }, 'valid', 'the hub chooses the method');
}
add('websub', 'sha1', { secrets: ['kit'], headers: { 'X-Hub-Signature': `sha1=${hex(hmac('sha1', 'kit', BODY))}` } }, 'invalid', 'SHA-1 unless the receiver says so');
add('websub', 'sha1-wanted', { secrets: ['kit'], context: { algorithm: 'sha1' }, headers: { 'X-Hub-Signature': `sha1=${hex(hmac('sha1', 'kit', BODY))}` } }, 'valid', 'the receiver says so');
add('websub', 'mixed', { secrets: ['kit'], headers: { 'X-Hub-Signature': `sha512=${hex(hmac('sha256', 'kit', BODY))}` } }, 'invalid', 'the digest of another method');
add('github', 'legacy', { secrets: ['kit'], headers: { 'X-Hub-Signature': `sha1=${hex(hmac('sha1', 'kit', BODY))}` } }, 'invalid', 'the older header alone');
add('docusign', 'second', { secrets: ['kit'], headers: { 'X-DocuSign-Signature-1': base64(hmac('sha256', 'other', BODY)), 'X-DocuSign-Signature-2': base64(hmac('sha256', 'kit', BODY)) } }, 'valid', 'one header per key');
add('docusign', 'hundredth', { secrets: ['kit'], headers: { 'X-DocuSign-Signature-100': base64(hmac('sha256', 'kit', BODY)) } }, 'valid', 'up to a hundred keys');
add('mollie', 'several', { secrets: ['kit'], headers: { 'X-Mollie-Signature': [`sha256=${'0'.repeat(64)}`, `sha256=${hex(hmac('sha256', 'kit', BODY))}`] } }, 'valid', 'several headers');
add('pusher', 'app', { secrets: ['kit'], context: { publicKeyId: 'kit-app' }, headers: { 'X-Pusher-Key': 'kit-app', 'X-Pusher-Signature': hex(hmac('sha256', 'kit', BODY)) } }, 'valid', 'the app asked for');
add('pusher', 'other-app', { secrets: ['kit'], context: { publicKeyId: 'kit-app' }, headers: { 'X-Pusher-Key': 'other', 'X-Pusher-Signature': hex(hmac('sha256', 'kit', BODY)) } }, 'invalid', 'another app');
add('xero', 'text-key', { secrets: ['a2l0IHNlY3JldCBrZXk='], headers: { 'x-xero-signature': base64(hmac('sha256', Buffer.from('a2l0IHNlY3JldCBrZXk=', 'base64'), BODY)) } }, 'invalid', 'the key is text although it looks like base64');

// F3 and F4: a timestamp beside the body.
const dotted = (b, t) => [`${t}.`, b];
for (const [scheme, header, options] of [
  ['box', 'BOX-SIGNATURE-PRIMARY', { encode: base64, timestamp: rfc3339, tolerance: 600, content: (b, t) => [b, t], headers: (t) => ({ 'BOX-DELIVERY-TIMESTAMP': t, 'BOX-SIGNATURE-VERSION': '1', 'BOX-SIGNATURE-ALGORITHM': 'HmacSHA256' }) }],
  ['calendly', 'Calendly-Webhook-Signature', { timestamp: seconds, tolerance: 180, content: dotted, write: (s, t) => `t=${t},v1=${s}` }],
  ['cloudflare-stream', 'Webhook-Signature', { timestamp: seconds, tolerance: 300, content: dotted, write: (s, t) => `time=${t},sig1=${s}` }],
  ['coinbase-cdp', 'X-Hook0-Signature', { timestamp: seconds, tolerance: 300, content: dotted, write: (s, t) => `t=${t},v0=${s}` }],
  ['customerio', 'X-CIO-Signature', { timestamp: seconds, tolerance: 300, content: (b, t) => [`v0:${t}:`, b], headers: (t) => ({ 'X-CIO-Timestamp': t }) }],
  ['front', 'X-Front-Signature', { timestamp: millis, tolerance: 300, encode: base64, content: (b, t) => [`${t}:`, b], headers: (t) => ({ 'X-Front-Request-Timestamp': t }) }],
  ['klaviyo', 'Klaviyo-Signature', { timestamp: (t) => new Date(t * 1000).toUTCString(), tolerance: 300, content: (b, t) => [b, t], headers: (t) => ({ 'Klaviyo-Timestamp': t }) }],
  ['mux', 'Mux-Signature', { timestamp: seconds, tolerance: 300, content: dotted, write: (s, t) => `t=${t},v1=${s}` }],
  ['paddle', 'Paddle-Signature', { timestamp: seconds, tolerance: 5, content: (b, t) => [`${t}:`, b], write: (s, t) => `ts=${t};h1=${s}` }],
  ['recurly', 'recurly-signature', { timestamp: millis, tolerance: 300, content: dotted, write: (s, t) => `${t},${'0'.repeat(64)},${s}` }],
  ['sanity', 'sanity-webhook-signature', { timestamp: millis, tolerance: 300, encode: base64url, content: dotted, write: (s, t) => `t=${t},v1=${s}` }],
  ['sinch', 'x-sinch-webhook-signature', { timestamp: seconds, tolerance: 300, encode: base64, content: (b, t) => [b, `.kit-nonce.${t}`], headers: (t) => ({ 'x-sinch-webhook-signature-timestamp': t, 'x-sinch-webhook-signature-nonce': 'kit-nonce', 'x-sinch-webhook-signature-algorithm': 'HmacSHA256' }) }],
  ['slack', 'X-Slack-Signature', { timestamp: seconds, tolerance: 300, prefix: 'v0=', content: (b, t) => [`v0:${t}:`, b], headers: (t) => ({ 'X-Slack-Request-Timestamp': t }) }],
  ['stripe', 'Stripe-Signature', { timestamp: seconds, tolerance: 300, secret: 'whsec_kit', content: dotted, write: (s, t) => `t=${t},v1=${'0'.repeat(64)},v1=${s},v0=${'1'.repeat(64)}` }],
  ['twitch', 'Twitch-Eventsub-Message-Signature', { timestamp: (t) => rfc3339(t).replace('Z', '.000000000Z'), tolerance: 600, prefix: 'sha256=', content: (b, t) => [`kit-id${t}`, b], headers: (t) => ({ 'Twitch-Eventsub-Message-Id': 'kit-id', 'Twitch-Eventsub-Message-Timestamp': t }) }],
  ['workos', 'WorkOS-Signature', { timestamp: millis, tolerance: 180, content: dotted, write: (s, t) => `t=${t}, v1=${s}` }],
  ['zendesk', 'X-Zendesk-Webhook-Signature', { timestamp: rfc3339, tolerance: 300, encode: base64, content: (b, t) => [t, b], secret: 'dGhpc19zZWNyZXQ=', headers: (t) => ({ 'X-Zendesk-Webhook-Signature-Timestamp': t }) }],
  ['zoom', 'x-zm-signature', { timestamp: seconds, tolerance: 300, prefix: 'v0=', content: (b, t) => [`v0:${t}:`, b], headers: (t) => ({ 'x-zm-request-timestamp': t }) }],
  // F6: the URL.
  ['square', 'x-square-hmacsha256-signature', { url: URL_, encode: base64, content: (b, t, u) => [u, b] }],
  ['trello', 'X-Trello-Webhook', { url: URL_, algorithm: 'sha1', encode: base64, content: (b, t, u) => [b, u] }],
  ['hubspot', 'X-HubSpot-Signature-v3', { url: 'https://example.com/hooks/kit?tenant=a', encode: base64, timestamp: millis, tolerance: 300, content: (b, t, u, m) => [`${m}${u}`, b, t], headers: (t) => ({ 'X-HubSpot-Request-Timestamp': t }) }],
]) rule(scheme, { header, ...options });

for (const headerLine of ['t=1,t=1750000000,v1=', 't=1750000000,v1', ',,,', '=', 't=1750000000;v1=', 'v1=,t=', 't=１７５０００００００,v1=']) {
  const signature = hex(hmac('sha256', 'kit', `1750000000.${BODY}`));
  add('stripe', `odd-${vectors.length}`, { secrets: ['kit'], headers: { 'Stripe-Signature': headerLine + signature } }, 'invalid', 'not as Stripe writes it');
}
{
  const url = 'https://example.com/a%3Ab%2Fc?q=%40%21%24%27%28%29%2A%2C%3B&z=%20';
  const decoded = 'https://example.com/a:b/c?q=@!$\'()*,;&z=%20';
  const t = millis(NOW);
  add('hubspot', 'escapes', { secrets: ['kit'], url, method: 'PUT', headers: { 'X-HubSpot-Request-Timestamp': t, 'X-HubSpot-Signature-v3': base64(hmac('sha256', 'kit', `PUT${decoded}${BODY}${t}`)) } }, 'valid', 'some escapes are decoded before signing');
  add('hubspot', 'v1', { secrets: ['kit'], headers: { 'X-HubSpot-Signature-Version': 'v1', 'X-HubSpot-Signature': hex(sha256(`kit${BODY}`)) } }, 'valid', 'version 1');
  add('hubspot', 'v2', { secrets: ['kit'], url: URL_, headers: { 'X-HubSpot-Signature-Version': 'v2', 'X-HubSpot-Signature': hex(sha256(`kitPOST${URL_}${BODY}`)) } }, 'valid', 'version 2');
  add('hubspot', 'v2-as-v1', { secrets: ['kit'], url: URL_, headers: { 'X-HubSpot-Signature-Version': 'v1', 'X-HubSpot-Signature': hex(sha256(`kitPOST${URL_}${BODY}`)) } }, 'invalid', 'another version');
}
{
  const t = millis(NOW);
  const linear = (at) => `{"action":"update","type":"Issue","webhookTimestamp":${at}}`;
  const request = (at) => ({ secrets: ['kit'], body: linear(at), headers: { 'Linear-Signature': hex(hmac('sha256', 'kit', linear(at))), 'Linear-Timestamp': t } });
  add('linear', 'ok', request(t), 'valid', 'the timestamp is a member of the body');
  add('linear', 'edge', request(millis(NOW - 60)), 'valid', '60 s');
  add('linear', 'stale', request(millis(NOW - 61)), 'invalid', 'more than 60 s, whatever the header says');
  add('linear', 'none', { ...request(t), body: '{}', headers: { 'Linear-Signature': hex(hmac('sha256', 'kit', '{}')) } }, 'invalid', 'without timestamp', either);
}
{
  const t = rfc3339(NOW);
  add('box', 'second', { secrets: ['kit', 'kit2'], headers: { 'BOX-DELIVERY-TIMESTAMP': t, 'BOX-SIGNATURE-VERSION': '1', 'BOX-SIGNATURE-ALGORITHM': 'HmacSHA256', 'BOX-SIGNATURE-PRIMARY': base64(hmac('sha256', 'gone', BODY, t)), 'BOX-SIGNATURE-SECONDARY': base64(hmac('sha256', 'kit2', BODY, t)) } }, 'valid', 'the second key');
  add('box', 'version', { secrets: ['kit'], headers: { 'BOX-DELIVERY-TIMESTAMP': t, 'BOX-SIGNATURE-VERSION': '2', 'BOX-SIGNATURE-ALGORITHM': 'HmacSHA256', 'BOX-SIGNATURE-PRIMARY': base64(hmac('sha256', 'kit', BODY, t)) } }, 'invalid', 'another version');
}

// F5: Standard Webhooks under every name.
{
  const secret = 'whsec_' + base64(Buffer.alloc(32, 7));
  const other = 'whsec_' + base64(Buffer.alloc(24, 9));
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
  for (const [scheme, prefix] of [['standard-webhooks', 'webhook'], ['svix', 'svix'], ['svix', 'webhook'], ['clerk', 'svix'], ['resend', 'svix'], ['openai', 'webhook'], ['anthropic', 'webhook'], ['gitlab-signing', 'webhook'], ['brex', 'webhook'], ['loops', 'webhook'], ['render', 'webhook'], ['supabase', 'webhook']]) {
    const id = 'msg_kit_1';
    const name = (suffix) => `${prefix}-${suffix}`;
    const sign = (s, t, i = id, body = BODY) => base64(hmac('sha256', Buffer.from(s.slice(6), 'base64'), `${i}.${t}.`, body));
    const request = (signature, { t = NOW, i = id, secrets = [secret] } = {}) => ({ secrets, headers: { [name('id')]: i, [name('timestamp')]: `${t}`, [name('signature')]: signature } });
    const on = `${prefix}-`;
    const isSample = scheme === 'standard-webhooks' || scheme === 'svix';
    add(scheme, on + 'ok', request(`v1,${sign(secret, NOW)}`), 'valid', 'signed by the documented rule');
    if (isSample) add(scheme, on + 'list', request(`v2,AAAA v1,${sign(other, NOW)} v1a,AAAA v1,${sign(secret, NOW)}`), 'valid', 'any entry may match');
    if (isSample) add(scheme, on + 'rotation', request(`v1,${sign(secret, NOW)}`, { secrets: [other, secret] }), 'valid', 'any secret may match');
    add(scheme, on + 'edge', request(`v1,${sign(secret, NOW - 300)}`, { t: NOW - 300 }), 'valid', 'as old as the tolerance');
    if (isSample) add(scheme, on + 'edge-ahead', request(`v1,${sign(secret, NOW + 300)}`, { t: NOW + 300 }), 'valid', 'as far ahead as the tolerance');
    add(scheme, on + 'stale', request(`v1,${sign(secret, NOW - 301)}`, { t: NOW - 301 }), 'invalid', 'older than the tolerance');
    add(scheme, on + 'future', request(`v1,${sign(secret, NOW + 301)}`, { t: NOW + 301 }), 'invalid', 'further ahead than the tolerance');
    add(scheme, on + 'key', request(`v1,${sign(other, NOW)}`), 'invalid', 'another key');
    add(scheme, on + 'tamper', { ...request(`v1,${sign(secret, NOW)}`), body: '{}' }, 'invalid', 'tampered body');
    if (isSample) add(scheme, on + 'v2', request(`v2,${sign(secret, NOW)}`), 'invalid', 'an unknown version');
    if (isSample) add(scheme, on + 'comma', request(`v1,${sign(other, NOW)},v1,${sign(secret, NOW)}`), 'invalid', 'entries are separated by a space');
    if (isSample) add(scheme, on + 'plus', request(`v1,${sign(secret, `+${NOW}`)}`, { t: `+${NOW}` }), 'invalid', 'digits alone', either);
    if (isSample) add(scheme, on + 'stop', request(`v1,${sign(secret, NOW, 'msg.kit')}`, { i: 'msg.kit' }), 'invalid', 'no full stop in an id', either);
    if (isSample) add(scheme, on + 'unpadded', request(`v1,${sign(secret, NOW).replace('=', '')}`), 'invalid', 'without padding', either);
    if (isSample) add(scheme, on + 'empty', { ...request(`v1,${sign(secret, NOW, id, '')}`), body: '' }, 'valid', 'an empty body is signed like any other');
    const asymmetric = `v1a,${base64(crypto.sign(null, Buffer.from(`${id}.${NOW}.${BODY}`), privateKey))}`;
    add(scheme, on + 'asymmetric', { ...request(asymmetric, { secrets: [] }), publicKey: `whpk_${base64(raw)}`, publicKeyFormat: 'whpk' }, 'valid', 'Ed25519');
    if (isSample) add(scheme, on + 'asymmetric-tamper', { ...request(asymmetric, { secrets: [] }), body: '{}', publicKey: `whpk_${base64(raw)}`, publicKeyFormat: 'whpk' }, 'invalid', 'tampered body');
    if (isSample) add(scheme, on + 'confusion', { ...request(`v1,${base64(hmac('sha256', raw, `${id}.${NOW}.`, BODY))}`, { secrets: [] }), publicKey: `whpk_${base64(raw)}`, publicKeyFormat: 'whpk' }, 'invalid', 'a public key is no secret');
  }
  add('supabase', 'prefix', { secrets: [`v1,${secret}`], headers: { 'webhook-id': 'i', 'webhook-timestamp': `${NOW}`, 'webhook-signature': `v1,${base64(hmac('sha256', Buffer.alloc(32, 7), `i.${NOW}.`, BODY))}` } }, 'valid', 'as Supabase shows the secret');
}

// Published.
vectors.push({"id": "sw-official-asym", "provider": "standard-webhooks", "schemeId": "standard-webhooks", "scheme": "ed25519; content={id}.{timestamp}.{body}; base64; v1a,<sig>; key=whpk_<base64 32 bytes>", "kind": "verify", "description": "Official asymmetric vector, verified at the signing second", "secrets": [], "publicKey": "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", "publicKeyFormat": "whpk", "method": "POST", "headers": {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330", "webhook-signature": "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="}, "bodyUtf8": "{\"test\": 2432232314}", "now": 1614265330, "expected": "valid", "assert": "must", "reason": "signature matches", "basis": "official-sdk-test", "source": "svix/svix-webhooks server/svix-server/src/worker.rs test_asymmetric_key_signing @4fc0cfb; same v1a signature printed in standard-webhooks spec/standard-webhooks.md", "confirmedBy": ["node-reference"]});

// F1: repeated tokens.
for (const [scheme, header, write, secret] of [
  ['gitlab-token', 'X-Gitlab-Token', (s) => s, 'kit token/+='], ['telegram', 'X-Telegram-Bot-Api-Secret-Token', (s) => s, 'kit_Token-1'],
  ['google-calendar', 'X-Goog-Channel-Token', (s) => s, 'kit'], ['okta', 'Authorization', (s) => s, 'kit'], ['auth0', 'Authorization', (s) => s, 'Bearer kit'],
  ['flutterwave', 'verif-hash', (s) => s, 'kit'], ['cloudevents', 'Authorization', (s) => `Bearer ${s}`, 'kit'],
  ['postmark', 'Authorization', (s) => `Basic ${base64(Buffer.from(s))}`, 'user:päss:word'], ['datadog', 'Authorization', (s) => `Basic ${base64(Buffer.from(s))}`, 'user:pass'],
  ['chargebee', 'Authorization', (s) => `Basic ${base64(Buffer.from(s))}`, 'user:'],
]) {
  const other = secret.includes(':') ? 'user:other' : 'other';
  add(scheme, 'ok', { secrets: [secret], headers: { [header]: write(secret) } }, 'valid', 'token equal');
  add(scheme, 'empty-body', { secrets: [secret], headers: { [header]: write(secret) }, body: '' }, 'valid', 'token equal');
  add(scheme, 'rotation', { secrets: [other, secret], headers: { [header]: write(secret) } }, 'valid', 'any token may match');
  add(scheme, 'other', { secrets: [secret], headers: { [header]: write(other) } }, 'invalid', 'another token');
  add(scheme, 'longer', { secrets: [secret], headers: { [header]: write(secret + 'x') } }, 'invalid', 'a longer token');
  add(scheme, 'case', { secrets: [secret], headers: { [header]: write(secret.toUpperCase()) } }, 'invalid', 'tokens have case');
  add(scheme, 'none', { secrets: [secret], headers: {} }, 'invalid', 'no token');
  add(scheme, 'blank', { secrets: [secret], headers: { [header]: '' } }, 'invalid', 'no token');
  add(scheme, 'twice', { secrets: [secret], headers: { [header]: [write(secret), write(secret)] } }, 'invalid', 'the header on two lines');
}
add('azure-event-grid', 'query', { secrets: ['kit/+='], url: 'https://example.com/grid?code=kit%2F%2B%3D&x=1', headers: {} }, 'valid', 'the secret of the URL');
add('azure-event-grid', 'other', { secrets: ['kit'], url: 'https://example.com/grid?code=kit2', headers: {} }, 'invalid', 'another secret');
add('cloudevents', 'query', { secrets: ['kit'], url: 'https://example.com/ce?access_token=kit', headers: {} }, 'valid', 'the token of the URL');

// F7: forms.
{
  const form = 'b=2&a=1+%2B%20x&c=&a=0&a=0&d=%C3%A9';
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  for (const [scheme, header, signed] of [['twilio', 'X-Twilio-Signature', 'a0a1 + xb2cdé'], ['mandrill', 'X-Mandrill-Signature', 'a1 + xa0a0b2cdé']]) {
    const request = (text, u = URL_, body = form, more = type) => ({ secrets: ['kit'], url: u, body, headers: { ...more, [header]: base64(hmac('sha1', 'kit', text)) } });
    add(scheme, 'ok', request(URL_ + signed), 'valid', 'fields by name, name and value');
    add(scheme, 'untyped', request(URL_ + signed, URL_, form, {}), 'valid', 'a form that does not say so', either);
    add(scheme, 'charset', request(URL_ + signed, URL_, form, { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }), 'valid', 'fields by name, name and value');
    add(scheme, 'tamper', request(URL_ + signed, URL_, form.replace('b=2', 'b=3')), 'invalid', 'another value');
    add(scheme, 'added', request(URL_ + signed, URL_, form + '&e=1'), 'invalid', 'another field');
    add(scheme, 'url', request(URL_ + signed, URL_ + '&y=1'), 'invalid', 'another URL');
    add(scheme, 'empty', request(URL_, URL_, ''), 'valid', 'no fields');
  }
  add('mandrill', 'twice', { secrets: ['test-webhook'], url: 'https://example.com/webhook', body: 'mandrill_events=%5B%5D&mandrill_events=%5B%5D', headers: { ...type, 'X-Mandrill-Signature': '+dtLALpd+/+yjAWVGUrhn4GX2Hg=' } }, 'valid', 'one field twice counts twice');
  add('mandrill', 'events', { secrets: ['kit'], url: 'https://example.com/m', body: 'mandrill_events=%5B%7B%22event%22%3A%22send%22%7D%5D', headers: { ...type, 'X-Mandrill-Signature': base64(hmac('sha1', 'kit', 'https://example.com/mmandrill_events[{"event":"send"}]')) } }, 'valid', 'as Mandrill sends');
  const query = `https://example.com/t?bodySHA256=${hex(sha256(BODY))}`;
  add('twilio', 'json', { secrets: ['kit'], url: query, headers: { 'Content-Type': 'application/json', 'X-Twilio-Signature': base64(hmac('sha1', 'kit', query)) } }, 'valid', 'the hash of the body is in the URL');
  add('twilio', 'json-tamper', { secrets: ['kit'], url: query, body: '{}', headers: { 'Content-Type': 'application/json', 'X-Twilio-Signature': base64(hmac('sha1', 'kit', query)) } }, 'invalid', 'another body');
  add('twilio', 'get', { secrets: ['kit'], url: URL_, method: 'GET', body: '', headers: { 'X-Twilio-Signature': base64(hmac('sha1', 'kit', URL_)) } }, 'valid', 'a GET');
  const payload = base64(Buffer.from('<notification><kind>check</kind></notification>')) + '\n';
  const sign = (key) => hex(hmac('sha1', crypto.createHash('sha1').update('kit-private').digest(), payload));
  const braintree = (signature) => ({ secrets: ['kit-private'], context: { publicKeyId: 'kit-public' }, headers: type, body: `bt_signature=${encodeURIComponent(signature)}&bt_payload=${encodeURIComponent(payload)}` });
  add('braintree', 'ok', braintree(`other|00&kit-public|${sign()}`), 'valid', 'the pair under our public key');
  add('braintree', 'other', braintree(`other|${sign()}`), 'invalid', 'no pair under our public key');
}

// F8: public keys.
{
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
  const stranger = crypto.generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
  const forms = [['ed25519-hex', hex(raw)], ['ed25519-base64', base64(raw)], ['spki-pem', publicKey.export({ type: 'spki', format: 'pem' })], ['spki-der-base64', base64(publicKey.export({ type: 'spki', format: 'der' }))], ['jwk', publicKey.export({ format: 'jwk' })]];
  const t = `${NOW}`;
  for (const [publicKeyFormat, key] of forms) {
    add('discord', publicKeyFormat, { publicKey: key, publicKeyFormat, headers: { 'X-Signature-Ed25519': hex(crypto.sign(null, Buffer.from(t + BODY), privateKey)), 'X-Signature-Timestamp': t } }, 'valid', 'signed by the documented rule');
    add('telnyx', publicKeyFormat, { publicKey: key, publicKeyFormat, headers: { 'telnyx-signature-ed25519': base64(crypto.sign(null, Buffer.from(`${t}|${BODY}`), privateKey)), 'telnyx-timestamp': t } }, 'valid', 'signed by the documented rule');
  }
  add('telnyx', 'tamper', { publicKey: base64(raw), publicKeyFormat: 'ed25519-base64', body: '{}', headers: { 'telnyx-signature-ed25519': base64(crypto.sign(null, Buffer.from(`${t}|${BODY}`), privateKey)), 'telnyx-timestamp': t } }, 'invalid', 'tampered body');
  add('telnyx', 'key', { publicKey: base64(stranger), publicKeyFormat: 'ed25519-base64', headers: { 'telnyx-signature-ed25519': base64(crypto.sign(null, Buffer.from(`${t}|${BODY}`), privateKey)), 'telnyx-timestamp': t } }, 'invalid', 'another key');
  add('telnyx', 'edge', { publicKey: base64(raw), publicKeyFormat: 'ed25519-base64', headers: { 'telnyx-signature-ed25519': base64(crypto.sign(null, Buffer.from(`${NOW + 300}|${BODY}`), privateKey)), 'telnyx-timestamp': `${NOW + 300}` } }, 'valid', 'as far ahead as the tolerance');
  add('telnyx', 'stale', { publicKey: base64(raw), publicKeyFormat: 'ed25519-base64', headers: { 'telnyx-signature-ed25519': base64(crypto.sign(null, Buffer.from(`${NOW - 301}|${BODY}`), privateKey)), 'telnyx-timestamp': `${NOW - 301}` } }, 'invalid', 'older than the tolerance');
  add('discord', 'key', { publicKey: hex(stranger), publicKeyFormat: 'ed25519-hex', headers: { 'X-Signature-Ed25519': hex(crypto.sign(null, Buffer.from(t + BODY), privateKey)), 'X-Signature-Timestamp': t } }, 'invalid', 'another key');
  const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = { 'X-Twilio-Email-Event-Webhook-Signature': base64(crypto.sign('sha256', Buffer.from(t + BODY), ec.privateKey)), 'X-Twilio-Email-Event-Webhook-Timestamp': t };
  for (const [publicKeyFormat, key] of [['spki-der-base64', base64(ec.publicKey.export({ type: 'spki', format: 'der' }))], ['spki-pem', ec.publicKey.export({ type: 'spki', format: 'pem' })], ['jwk', ec.publicKey.export({ format: 'jwk' })]]) {
    add('sendgrid', publicKeyFormat, { publicKey: key, publicKeyFormat, headers: der }, 'valid', 'signed by the documented rule');
    add('sendgrid', publicKeyFormat + '-tamper', { publicKey: key, publicKeyFormat, headers: der, body: '[]' }, 'invalid', 'tampered body');
  }
  const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const wise = { 'X-Signature-SHA256': base64(crypto.sign('sha256', Buffer.from(BODY), rsa.privateKey)) };
  for (const [publicKeyFormat, key] of [['spki-der-base64', base64(rsa.publicKey.export({ type: 'spki', format: 'der' }))], ['spki-pem', rsa.publicKey.export({ type: 'spki', format: 'pem' })], ['jwk', rsa.publicKey.export({ format: 'jwk' })]]) {
    add('wise', publicKeyFormat, { publicKey: key, publicKeyFormat, headers: wise }, 'valid', 'signed by the documented rule');
    add('wise', publicKeyFormat + '-tamper', { publicKey: key, publicKeyFormat, headers: wise, body: '{}' }, 'invalid', 'tampered body');
  }

  // F11: tokens.
  const part = (value) => base64url(Buffer.from(JSON.stringify(value)));
  const secretToken = (claims, { alg = 'HS256', key = 'kit', header = {} } = {}) => {
    const signed = `${part({ alg, typ: 'JWT', ...header })}.${part(claims)}`;
    return `${signed}.${base64url(hmac(alg.replace('HS', 'sha'), key, signed))}`;
  };
  const publicToken = (claims, key, alg, header = {}) => {
    const signed = `${part({ alg, typ: 'JWT', kid: 'kit-key', ...header })}.${part(claims)}`;
    return `${signed}.${base64url(crypto.sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }))}`;
  };
  const monday = (claims, options) => ({ secrets: ['kit'], url: 'https://example.com/m', headers: { Authorization: secretToken({ exp: NOW + 60, iat: NOW, aud: 'https://example.com/m', ...claims }, options) } });
  add('monday', 'ok', monday({}), 'valid', 'token accepted');
  add('monday', 'noaud', monday({ aud: undefined }), 'valid', 'without an audience', either);
  add('monday', 'aud', monday({ aud: 'https://example.org/m' }), 'invalid', 'another audience');
  add('monday', 'expired', monday({ exp: NOW - 1 }), 'invalid', 'expired');
  add('monday', 'key', monday({}, { key: 'other' }), 'invalid', 'another key');
  add('monday', 'hs512', monday({}, { alg: 'HS512' }), 'invalid', 'another algorithm');
  add('monday', 'none', { ...monday({}), headers: { Authorization: `${part({ alg: 'none' })}.${part({ exp: NOW + 60 })}.` } }, 'invalid', 'no algorithm');
  const netlify = (claims, options) => ({ secrets: ['kit'], headers: { 'X-Webhook-Signature': secretToken({ iss: 'netlify', sha256: hex(sha256(BODY)), ...claims }, options) } });
  add('netlify', 'ok', netlify({}), 'valid', 'token and hash match');
  add('netlify', 'iss', netlify({ iss: 'other' }), 'invalid', 'another issuer');
  add('netlify', 'tamper', { ...netlify({}), body: '{}' }, 'invalid', 'tampered body');
  add('netlify', 'key', netlify({}, { key: 'other' }), 'invalid', 'another key');
  const bird = (claims, options, body = BODY) => ({ secrets: ['kit'], url: URL_, body, headers: { 'MessageBird-Signature-JWT': secretToken({ iss: 'MessageBird', nbf: NOW, exp: NOW + 60, jti: 'kit', url_hash: hex(sha256(URL_)), payload_hash: hex(sha256(body)), ...claims }, options) } });
  for (const alg of ['HS256', 'HS384', 'HS512']) add('messagebird', alg, bird({}, { alg }), 'valid', 'token matches');
  add('messagebird', 'skew', bird({ nbf: NOW + 5 }), 'valid', 'within the skew');
  add('messagebird', 'early', bird({ nbf: NOW + 6 }), 'invalid', 'not begun');
  add('messagebird', 'expired', bird({ nbf: NOW - 60, exp: NOW - 6 }), 'invalid', 'expired');
  add('messagebird', 'url', { ...bird({}), url: URL_ + '&x=1' }, 'invalid', 'another URL');
  add('messagebird', 'tamper', { ...bird({}), body: '{}' }, 'invalid', 'tampered body');
  add('messagebird', 'nohash', bird({ payload_hash: undefined }), 'invalid', 'a body without its hash');
  add('messagebird', 'nobody', { ...bird({}), body: '' }, 'invalid', 'a hash without its body');
  add('messagebird', 'iss', bird({ iss: 'Other' }), 'invalid', 'another issuer');
  const ecJwk = { ...ec.publicKey.export({ format: 'jwk' }), kid: 'kit-key', alg: 'ES256', use: 'sig', expired_at: null };
  const plaid = (claims, more = {}, jwk = ecJwk, header = {}) => ({ publicKey: jwk, publicKeyFormat: 'jwk', headers: { 'Plaid-Verification': publicToken({ iat: NOW, request_body_sha256: hex(sha256(BODY)), ...claims }, ec.privateKey, 'ES256', header) }, ...more });
  add('plaid', 'ok', plaid({}), 'valid', 'signature and hash match');
  add('plaid', 'edge', plaid({ iat: NOW - 300 }), 'valid', 'as old as the tolerance');
  add('plaid', 'stale', plaid({ iat: NOW - 301 }), 'invalid', 'older than the tolerance');
  add('plaid', 'tamper', plaid({}, { body: BODY.replace('{', '{ ') }), 'invalid', 'tampered body');
  add('plaid', 'withdrawn', plaid({}, {}, { ...ecJwk, expired_at: NOW - 10 }), 'invalid', 'a withdrawn key');
  add('plaid', 'kid', plaid({}, {}, ecJwk, { kid: 'other' }), 'invalid', 'another key named');
  const rsaJwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'kit-key', alg: 'RS256', use: 'sig' };
  const context = { audience: 'https://example.com/push', serviceAccountEmail: 'push@kit.iam.gserviceaccount.com' };
  const push = (claims, jwk = rsaJwk) => ({ publicKey: jwk, publicKeyFormat: 'jwk', context, headers: { Authorization: `Bearer ${publicToken({ iss: 'https://accounts.google.com', aud: context.audience, email: context.serviceAccountEmail, email_verified: true, iat: NOW, exp: NOW + 3600, ...claims }, rsa.privateKey, 'RS256')}` } });
  add('google-pubsub', 'ok', push({}), 'valid', 'token accepted');
  add('google-pubsub', 'issuer', push({ iss: 'accounts.google.com' }), 'valid', 'the other form of the issuer');
  add('google-pubsub', 'iss', push({ iss: 'https://accounts.google.com.example' }), 'invalid', 'another issuer');
  add('google-pubsub', 'email', push({ email: 'other@kit.iam.gserviceaccount.com' }), 'invalid', 'another account');
  add('google-pubsub', 'unverified', push({ email_verified: false }), 'invalid', 'an address that is not verified');
  add('google-pubsub', 'expired', push({ iat: NOW - 7200, exp: NOW - 3600 }), 'invalid', 'expired');
  add('google-pubsub', 'ahead', push({ iat: NOW + 3600, exp: NOW + 7200 }), 'invalid', 'issued in the future');
  add('google-pubsub', 'pem', push({}, rsa.publicKey.export({ type: 'spki', format: 'pem' })), 'valid', 'a key without a name', { publicKeyFormat: 'spki-pem' });

  // F13: message signatures.
  const base = (covered, params) => covered.map(([n, v]) => `${n}: ${v}\n`).join('') + `"@signature-params": ${params}`;
  const u = 'https://example.com/foo?param=Value&Pet=dog';
  const digest = `sha-512=:${base64(crypto.createHash('sha512').update(BODY).digest())}:`;
  const covered = [['"@method"', 'POST'], ['"@authority"', 'example.com'], ['"@path"', '/foo'], ['"@query"', '?param=Value&Pet=dog'], ['"content-digest"', digest]];
  const params = `(${covered.map(([n]) => n).join(' ')});created=${NOW};keyid="kit"`;
  const message = (algorithm, signature, key, more = {}) => ({ url: u, context: { algorithm }, ...key, headers: { 'Content-Digest': digest, 'Signature-Input': `sig1=${params}`, Signature: `sig1=:${base64(signature)}:` }, ...more });
  const text = Buffer.from(base(covered, params));
  const p384 = crypto.generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const pem = (key) => ({ publicKey: key.export({ type: 'spki', format: 'pem' }), publicKeyFormat: 'spki-pem' });
  const signed = [
    ['ed25519', crypto.sign(null, text, privateKey), pem(publicKey)],
    ['ecdsa-p256-sha256', crypto.sign('sha256', text, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }), pem(ec.publicKey)],
    ['ecdsa-p384-sha384', crypto.sign('sha384', text, { key: p384.privateKey, dsaEncoding: 'ieee-p1363' }), pem(p384.publicKey)],
    ['rsa-v1_5-sha256', crypto.sign('sha256', text, rsa.privateKey), pem(rsa.publicKey)],
    ['rsa-pss-sha512', crypto.sign('sha512', text, { key: rsa.privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }), pem(rsa.publicKey)],
    ['hmac-sha256', hmac('sha256', Buffer.from('kit secret of some length'), text), { secrets: [base64(Buffer.from('kit secret of some length'))] }],
  ];
  for (const [algorithm, signature, key] of signed) {
    add('rfc9421', algorithm, message(algorithm, signature, key), 'valid', 'signature base and signature match');
    add('rfc9421', algorithm + '-tamper', message(algorithm, signature, key, { body: '{}' }), 'invalid', 'the digest is another body\'s');
    add('rfc9421', algorithm + '-method', message(algorithm, signature, key, { method: 'PUT' }), 'invalid', 'another method');
    add('rfc9421', algorithm + '-url', message(algorithm, signature, key, { url: u + '&x=1' }), 'invalid', 'another URL');
    add('rfc9421', algorithm + '-stale', message(algorithm, signature, key, {}), 'invalid', 'older than the tolerance', { now: NOW + 301 });
  }
  add('rfc9421', 'der', message('ecdsa-p256-sha256', crypto.sign('sha256', text, ec.privateKey), pem(ec.publicKey)), 'invalid', 'DER where r and s are wanted');
  add('rfc9421', 'algorithm', message('rsa-v1_5-sha256', signed[4][1], pem(rsa.publicKey)), 'invalid', 'another algorithm of the same key');
}

// F9: certificates.
{
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=sns.amazonaws.com', '-keyout', keyFile, '-out', certificateFile], { stdio: 'ignore' });
  const [key, publicKey] = [readFileSync(keyFile, 'utf8'), readFileSync(certificateFile, 'utf8')];
  rmSync(folder, { recursive: true });
  const certificate = { publicKey, publicKeyFormat: 'x509-pem' };
  const alive = { now: Math.floor(Date.now() / 1000) + 60 };
  const certificateUrl = 'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-kit.pem';
  const orders = { Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'], SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] };
  orders.UnsubscribeConfirmation = orders.SubscriptionConfirmation;
  const message = { Type: 'Notification', MessageId: 'kit-1', TopicArn: 'arn:aws:sns:us-west-2:123456789012:kit', Subject: 'Kit\u00e9', Message: 'line 1\nline 2', Timestamp: '2025-06-15T15:06:40.000Z', SignatureVersion: '1', SigningCertURL: certificateUrl };
  const confirmation = { ...message, Type: 'SubscriptionConfirmation', Subject: undefined, Token: 'kit', SubscribeURL: 'https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription' };
  const sns = (m, changed = {}) => {
    const text = orders[m.Type].filter((name) => m[name] !== undefined).map((name) => `${name}\n${m[name]}\n`).join('');
    const Signature = base64(crypto.sign(m.SignatureVersion === '2' ? 'sha256' : 'sha1', Buffer.from(text), key));
    return { ...certificate, context: { certificateUrl }, headers: { 'Content-Type': 'text/plain; charset=UTF-8' }, body: JSON.stringify({ ...m, Signature, ...changed }) };
  };
  add('aws-sns', 'subject', sns(message), 'valid', 'a notification', alive);
  add('aws-sns', 'v2', sns({ ...message, SignatureVersion: '2' }), 'valid', 'SHA-256', alive);
  add('aws-sns', 'nosubject', sns({ ...message, Subject: undefined }), 'valid', 'without a subject', alive);
  add('aws-sns', 'subscribe', sns(confirmation), 'valid', 'a confirmation', alive);
  add('aws-sns', 'unsubscribe', sns({ ...confirmation, Type: 'UnsubscribeConfirmation' }), 'valid', 'a confirmation', alive);
  add('aws-sns', 'version', sns(message, { SignatureVersion: '2' }), 'invalid', 'another hash', alive);
  add('aws-sns', 'early', sns(message), 'invalid', 'before the certificate is good', { now: 1500000000 });
  add('aws-sns', 'v3', sns(message, { SignatureVersion: '3' }), 'invalid', 'an unknown version', alive);
  add('aws-sns', 'subject-gone', sns(message, { Subject: undefined }), 'invalid', 'the subject is signed', alive);
  add('aws-sns', 'tamper', sns(message, { Message: 'other' }), 'invalid', 'tampered message', alive);
  for (const [id, url] of Object.entries({ http: 'http://sns.us-west-2.amazonaws.com/kit.pem', host: 'https://sns.us-west-2.amazonaws.com.example.com/kit.pem', user: 'https://sns.us-west-2.amazonaws.com@example.com/kit.pem', port: 'https://sns.us-west-2.amazonaws.com:8443/kit.pem', path: 'https://sns.us-west-2.amazonaws.com/kit.txt', suffix: 'https://sns.us-west-2.amazonaws.com.evil/kit.pem', bucket: 'https://sns.s3.amazonaws.com/kit.pem', 'bucket-region': 'https://sns.s3-us-west-2.amazonaws.com/kit.pem', empty: '' })) {
    add('aws-sns', 'url-' + id, sns(message, { SigningCertURL: url }), 'invalid', 'not where Amazon keeps certificates', alive);
  }
  const time = '2025-06-15T15:06:40Z';
  const crc32 = (bytes) => {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return ~crc >>> 0;
  };
  const paypal = (changed = {}, more = {}) => ({
    ...certificate, context: { webhookId: 'KIT1' }, ...more,
    headers: { 'PAYPAL-TRANSMISSION-ID': 'kit-1', 'PAYPAL-TRANSMISSION-TIME': time, 'PAYPAL-AUTH-ALGO': 'SHA256withRSA', 'PAYPAL-CERT-URL': 'https://api.paypal.com/v1/notifications/certs/CERT-kit', 'PAYPAL-TRANSMISSION-SIG': base64(crypto.sign('sha256', Buffer.from(`kit-1|${time}|KIT1|${crc32(Buffer.from(BODY))}`), key)), ...changed },
  });
  add('paypal', 'ok', paypal(), 'valid', 'signed by the documented rule', alive);
  add('paypal', 'sandbox', paypal({ 'PAYPAL-CERT-URL': 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-kit' }), 'valid', 'its other host', alive);
  add('paypal', 'tamper', paypal({}, { body: '{}' }), 'invalid', 'another checksum', alive);
  add('paypal', 'webhook', paypal({}, { context: { webhookId: 'KIT2' } }), 'invalid', 'another webhook', alive);
  add('paypal', 'time', paypal({ 'PAYPAL-TRANSMISSION-TIME': '2025-06-15T15:06:41Z' }), 'invalid', 'the time is signed', alive);
  add('paypal', 'algorithm', paypal({ 'PAYPAL-AUTH-ALGO': 'SHA1withRSA' }), 'invalid', 'another algorithm', alive);
  for (const [id, url] of Object.entries({ http: 'http://api.paypal.com/c', host: 'https://api.paypal.com.example.com/c', suffix: 'https://evilpaypal.com/c', user: 'https://api.paypal.com@example.com/c' })) {
    add('paypal', 'url-' + id, paypal({ 'PAYPAL-CERT-URL': url }), 'invalid', 'not where PayPal keeps certificates', alive);
  }
}

// F10: signatures within the body.
{
  const key = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
  const item = (fields, signature) => ({ NotificationRequestItem: { additionalData: { hmacSignature: signature }, ...fields } });
  const fields = { pspReference: 'psp:1\\2', originalReference: '', merchantAccountCode: 'Kit', merchantReference: 'ref:é', amount: { value: 1130, currency: 'EUR' }, eventCode: 'AUTHORISATION', success: 'true', reason: '' };
  const sign = (f) => base64(hmac('sha256', Buffer.from(key, 'hex'), [f.pspReference, f.originalReference ?? '', f.merchantAccountCode, f.merchantReference, f.amount?.value ?? '', f.amount?.currency ?? '', f.eventCode, f.success].join(':')));
  const request = (...items) => ({ secrets: [key], headers: {}, body: JSON.stringify({ live: 'false', notificationItems: items }) });
  add('adyen', 'colon', request(item(fields, sign(fields))), 'valid', 'values are joined as they are');
  add('adyen', 'absent', request(item({ ...fields, originalReference: undefined, amount: undefined }, sign({ ...fields, originalReference: undefined, amount: undefined }))), 'valid', 'what is missing is empty');
  add('adyen', 'batch', request(item(fields, sign(fields)), item({ ...fields, success: 'false' }, sign({ ...fields, success: 'false' }))), 'valid', 'each of a batch');
  add('adyen', 'batch-one', request(item(fields, sign(fields)), item({ ...fields, success: 'false' }, sign(fields))), 'invalid', 'one of a batch is not');
  add('adyen', 'nosignature', request(item(fields, undefined)), 'invalid', 'no signature');
  add('adyen', 'none', request(), 'invalid', 'no items', either);
  const token = 'kit-token-0001';
  const signature = hex(hmac('sha256', 'kit', `${NOW}${token}`));
  const mail = (more) => ({ secrets: ['kit'], headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ signature: { timestamp: `${NOW}`, token, signature, ...more }, 'event-data': { event: 'opened' } }) });
  add('mailgun', 'json', mail({}), 'valid', 'timestamp and token are signed');
  add('mailgun', 'token', mail({ token: 'other' }), 'invalid', 'another token');
  add('mailgun', 'form', { secrets: ['kit'], headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: `timestamp=${NOW}&token=${token}&signature=${signature}&subject=x` }, 'valid', 'a form');
  add('mailgun', 'untyped-form', { secrets: ['kit'], headers: {}, body: `timestamp=${NOW}&token=${token}&signature=${signature}` }, 'valid', 'a form that does not say so', either);
  add('mailgun', 'untyped-json', { ...mail({}), headers: {} }, 'valid', 'JSON that does not say so');
  const graph = (...states) => ({ secrets: ['kit state'], headers: {}, body: JSON.stringify({ value: states.map((clientState) => ({ subscriptionId: 's', clientState, changeType: 'created' })) }) });
  add('ms-graph', 'state', graph('kit state'), 'valid', 'the state that was given');
  add('ms-graph', 'states', graph('kit state', 'kit state'), 'valid', 'the state of each');
  add('ms-graph', 'one', graph('kit state', 'other'), 'invalid', 'one has another');
  add('ms-graph', 'none', graph(undefined), 'invalid', 'no state');
  const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const dataKey = crypto.randomBytes(32);
  const cipher = crypto.createCipheriv('aes-256-cbc', dataKey, dataKey.subarray(0, 16));
  const data = Buffer.concat([cipher.update('{"id":1}'), cipher.final()]);
  const rich = (content, more = {}) => ({ secrets: [rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })], headers: {}, body: JSON.stringify({ value: [{ subscriptionId: 's', encryptedContent: { data: base64(data), dataSignature: base64(hmac('sha256', dataKey, data)), dataKey: base64(crypto.publicEncrypt({ key: rsa.publicKey, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, dataKey)), encryptionCertificateId: 'kit', ...content } }], validationTokens: [] }), ...more });
  add('ms-graph', 'rich', rich({}), 'valid', 'the signature under the key inside');
  add('ms-graph', 'rich-pkcs1', { ...rich({}), secrets: [rsa.privateKey.export({ type: 'pkcs1', format: 'pem' })] }, 'valid', 'the other form of private keys');
  add('ms-graph', 'rich-bag', { ...rich({}), secrets: ['Bag Attributes\n    friendlyName: kit\n' + rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })] }, 'valid', 'as openssl writes what was in a PFX');
  add('ms-graph', 'rich-signature', rich({ dataSignature: base64(Buffer.alloc(32)) }), 'invalid', 'not the signature');
  add('ms-graph', 'rich-data', rich({ data: base64(Buffer.concat([data.subarray(0, -1), Buffer.from([data.at(-1) ^ 1])])) }), 'invalid', 'other content');
  add('ms-graph', 'rich-key', { ...rich({}), secrets: [crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })] }, 'invalid', 'another key');
}

// F12: Contentful.
{
  const t = millis(NOW);
  const path = '/hooks/kit?v=1';
  const list = 'x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic';
  const canonical = `POST\n${encodeURI('/hooks/kit?' + encodeURIComponent('v=1'))}\nx-contentful-signed-headers:${list};x-contentful-timestamp:${t};x-contentful-topic:Kit.Topic\n${BODY}`;
  const secret = 'c019447fcb1220e6bdd102db7fc423d8c9a70c7bbccb178dcc5720667388e25d';
  const request = { secrets: [secret], url: `https://example.com${path}`, headers: { 'X-Contentful-Topic': 'Kit.Topic', 'x-contentful-timestamp': t, 'x-contentful-signed-headers': list, 'x-contentful-signature': hex(hmac('sha256', secret, canonical)) } };
  add('contentful', 'ok', request, 'valid', 'the canonical request');
  add('contentful', 'topic', { ...request, headers: { ...request.headers, 'X-Contentful-Topic': 'Other' } }, 'invalid', 'a signed header was changed');
  add('contentful', 'tamper', { ...request, body: '{}' }, 'invalid', 'tampered body');
  add('contentful', 'path', { ...request, url: 'https://example.com/hooks/other?v=1' }, 'invalid', 'another path');
  add('contentful', 'stale', request, 'invalid', '30 s', { now: NOW + 31 });
}

// RFC 9530.
{
  const digest = (name, text) => `${name}=:${base64(crypto.createHash(name.replace('-', '')).update(text).digest())}:`;
  const add9530 = (id, value, expected, reason, more = {}) => add('content-digest', id, { headers: { 'Content-Digest': value }, ...more }, expected, reason, { kind: 'digest' });
  add9530('both', `${digest('sha-256', BODY)}, ${digest('sha-512', BODY)}`, 'valid', 'both match');
  add9530('lines', [digest('sha-256', BODY), digest('sha-512', BODY)], 'valid', 'on two lines');
  add9530('one', `${digest('sha-256', BODY)}, ${digest('sha-512', 'x')}`, 'invalid', 'one does not match');
  add9530('other', `md5=:AAAA:, ${digest('sha-256', BODY)}`, 'valid', 'others are passed over');
  add9530('unknown', 'md5=:AAAA:', 'invalid', 'none that is known');
  add9530('tamper', digest('sha-256', BODY), 'invalid', 'another body', { body: '{}' });
  add9530('empty', digest('sha-256', ''), 'valid', 'no body', { body: '' });
  add9530('naked', digest('sha-256', BODY).replaceAll(':', ''), 'invalid', 'no byte sequence');
  add9530('none', '', 'invalid', 'no digest');
}

// F14: questions.
const ask = (provider, id, request, expected, reason, expectedResponse, more = {}) => {
  const { body = '', ...rest } = request;
  vectors.push({ id: `cat-hs-${provider}-${id}`, provider, schemeId: 'handshake', kind: 'handshake', method: 'POST', headers: {}, ...rest, bodyUtf8: body, now: NOW, expected, assert: 'must', reason, basis: expected === 'valid' ? 'recipe' : 'derived', ...(expectedResponse ? { expectedResponse } : {}), ...more });
};
const plain = (text) => ({ status: 200, contentType: 'text/plain', bodyUtf8: text });
const json = (value) => ({ status: 200, contentType: 'application/json', bodyJson: value });
ask('slack', 'echo', { body: '{"type":"url_verification","challenge":"kit"}' }, 'valid', 'the challenge', { status: 200, bodyContains: 'kit' });
ask('slack', 'event', { body: '{"type":"event_callback","challenge":"kit"}' }, 'invalid', 'no question');
ask('zoom', 'digest', { secrets: ['kit'], body: '{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}' }, 'valid', 'the keyed digest of the token', json({ plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken: hex(hmac('sha256', 'kit', 'qgg8vlvZRS6UYooatFL8Aw')) }));
ask('zoom', 'nosecret', { body: '{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}' }, 'invalid', 'nothing to answer with');
ask('x', 'crc', { method: 'GET', secrets: ['kit'], url: 'https://example.com/x?crc_token=abc123', }, 'valid', 'the keyed digest of the token', json({ response_token: `sha256=${base64(hmac('sha256', 'kit', 'abc123'))}` }));
ask('x', 'none', { method: 'GET', secrets: ['kit'], url: 'https://example.com/x' }, 'invalid', 'no question');
ask('meta', 'echo', { method: 'GET', context: { verifyToken: 'kit' }, url: 'https://example.com/m?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=kit' }, 'valid', 'the challenge', plain('1158201444'));
ask('meta', 'token', { method: 'GET', context: { verifyToken: 'kit' }, url: 'https://example.com/m?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=other' }, 'invalid', 'another token');
ask('meta', 'notoken', { method: 'GET', context: { verifyToken: 'kit' }, url: 'https://example.com/m?hub.mode=subscribe&hub.challenge=1158201444' }, 'invalid', 'no token');
ask('meta', 'mode', { method: 'GET', context: { verifyToken: 'kit' }, url: 'https://example.com/m?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=kit' }, 'invalid', 'another mode');
ask('websub', 'subscribe', { method: 'GET', context: { topic: 'https://example.org/feed' }, url: 'https://example.com/w?hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.org%2Ffeed&hub.challenge=kit&hub.lease_seconds=864000' }, 'valid', 'a pending topic', { status: [200, 204], bodyUtf8: 'kit' });
ask('websub', 'topic', { method: 'GET', context: { topic: 'https://example.org/feed' }, url: 'https://example.com/w?hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.org%2Fother&hub.challenge=kit' }, 'invalid', 'another topic');
ask('websub', 'denied', { method: 'GET', context: { topic: 'https://example.org/feed' }, url: 'https://example.com/w?hub.mode=denied&hub.topic=https%3A%2F%2Fexample.org%2Ffeed&hub.reason=no' }, 'valid', 'only informs', { status: [200, 202, 204] });
ask('twitch', 'echo', { headers: { 'Twitch-Eventsub-Message-Type': 'webhook_callback_verification' }, body: '{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{}}' }, 'valid', 'the raw challenge', plain('pogchamp-kappa-360noscope-vohiyo'));
ask('twitch', 'notification', { headers: { 'Twitch-Eventsub-Message-Type': 'notification' }, body: '{"challenge":"x"}' }, 'invalid', 'no question');
ask('dropbox', 'echo', { method: 'GET', url: 'https://example.com/d?challenge=kit-challenge' }, 'valid', 'the raw challenge', { ...plain('kit-challenge'), headers: { 'X-Content-Type-Options': 'nosniff' } });
ask('dropbox', 'none', { method: 'GET', url: 'https://example.com/d' }, 'invalid', 'no question');
ask('asana', 'echo', { headers: { 'X-Hook-Secret': 'b537207f20cbfa02357cf448134da559' } }, 'valid', 'the header comes back', { status: [200, 204], headers: { 'X-Hook-Secret': 'b537207f20cbfa02357cf448134da559' } });
ask('asana', 'none', { body: '{"events":[]}' }, 'invalid', 'no question');
ask('notion', 'token', { body: '{"verification_token":"secret_kit"}' }, 'valid', 'taken', { status: [200, 202, 204] });
ask('okta', 'echo', { method: 'GET', headers: { 'X-Okta-Verification-Challenge': 'kit-challenge' } }, 'valid', 'the challenge', json({ verification: 'kit-challenge' }));
ask('okta', 'none', { method: 'GET' }, 'invalid', 'no question');
ask('ms-graph', 'echo', { url: 'https://example.com/g?validationToken=a+b%2Bc%20%3Cd%26' }, 'valid', 'the decoded token, never as a page', plain('a b+c <d&'), { assert: 'either' });
ask('ms-graph', 'plain', { url: 'https://example.com/g?validationToken=a+b%2Bc%20d%26' }, 'valid', 'the decoded token', plain('a b+c d&'));
ask('ms-graph', 'event', { url: 'https://example.com/g', body: '{"value":[]}' }, 'invalid', 'no question');
ask('azure-event-grid', 'code', { headers: { 'aeg-event-type': 'SubscriptionValidation' }, body: '[{"data":{"validationCode":"kit-code"},"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent"}]' }, 'valid', 'the code', json({ validationResponse: 'kit-code' }));
ask('azure-event-grid', 'event', { headers: { 'aeg-event-type': 'Notification' }, body: '[{"data":{"validationCode":"kit-code"}}]' }, 'invalid', 'no question');
ask('azure-event-grid', 'consent', { method: 'OPTIONS', headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net' } }, 'valid', 'CloudEvents\' way', { status: [200, 204], headers: { 'WebHook-Allowed-Origin': 'eventgrid.azure.net' } });
ask('cloudevents', 'consent', { method: 'OPTIONS', headers: { 'WebHook-Request-Origin': 'kit.example.com', 'WebHook-Request-Rate': '120', 'WebHook-Request-Callback': 'https://kit.example.com/confirm' } }, 'valid', 'consent is in the headers', { status: [200, 204], headers: { 'WebHook-Allowed-Origin': 'kit.example.com', 'WebHook-Allowed-Rate': '120' } });
ask('cloudevents', 'norate', { method: 'OPTIONS', headers: { 'WebHook-Request-Origin': 'kit.example.com' } }, 'valid', 'no rate asked for', { status: [200, 204], headers: { 'WebHook-Allowed-Origin': 'kit.example.com' } });
ask('cloudevents', 'noorigin', { method: 'OPTIONS' }, 'invalid', 'nobody asks', { headersAbsent: ['WebHook-Allowed-Origin'] });
ask('aws-sns', 'confirm', { context: { topic: 'arn:aws:sns:us-west-2:123456789012:kit' }, body: '{"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:us-west-2:123456789012:kit","SubscribeURL":"https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription"}' }, 'valid', 'confirmed', { status: [200, 204] });
ask('aws-sns', 'host', { context: { topic: 'arn:aws:sns:us-west-2:123456789012:kit' }, body: '{"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:us-west-2:123456789012:kit","SubscribeURL":"https://sns.us-west-2.amazonaws.com.example.com/?Action=ConfirmSubscription"}' }, 'invalid', 'another host');
ask('aws-sns', 'topic', { context: { topic: 'arn:aws:sns:us-west-2:123456789012:kit' }, body: '{"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:us-west-2:123456789012:other","SubscribeURL":"https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription"}' }, 'invalid', 'another topic');
ask('monday', 'echo', { body: '{"challenge":"kit"}' }, 'valid', 'the same JSON', json({ challenge: 'kit' }));
ask('braintree', 'digest', { method: 'GET', secrets: ['kit-private'], context: { publicKeyId: 'kit-public' }, url: 'https://example.com/b?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53' }, 'valid', 'the keyed digest', { status: 200, bodyUtf8: `kit-public|${hex(hmac('sha1', crypto.createHash('sha1').update('kit-private').digest(), '20f9f8ed05f77439fe955c977e4c8a53'))}` });
for (const [id, text] of [['short', '20f9f8ed05f77439fe9'], ['long', '20f9f8ed05f77439fe955c977e4c8a530'], ['upper', '20F9F8ED05F77439FE955C977E4C8A53'], ['text', 'not a challenge!']]) {
  ask('braintree', id, { method: 'GET', secrets: ['kit-private'], context: { publicKeyId: 'kit-public' }, url: `https://example.com/b?bt_challenge=${encodeURIComponent(text)}` }, 'invalid', 'a signing oracle for nothing else');
}
ask('discord', 'interaction', { body: '{"type":1,"application_id":"1"}' }, 'valid', 'a ping of interactions', json({ type: 1 }));
ask('discord', 'event', { body: '{"version":1,"application_id":"1","type":0}' }, 'valid', 'a ping of events', { status: 204, bodyUtf8: '' });
ask('discord', 'command', { body: '{"type":2}' }, 'invalid', 'no question');
ask('trello', 'head', { method: 'HEAD' }, 'valid', 'there is someone', { status: 200 });
ask('google-calendar', 'sync', { headers: { 'X-Goog-Resource-State': 'sync' } }, 'valid', 'taken', { status: [200, 201, 202, 204] });
ask('xero', 'probe', { body: '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"KIT"}' }, 'valid', 'an empty list of events, nothing said', { status: 200, bodyUtf8: '', headersAbsent: ['Set-Cookie'] });
ask('line', 'probe', { body: '{"destination":"kit","events":[]}' }, 'valid', 'an empty list of events', { status: 200 });

writeFileSync(new URL('catalogue.json', import.meta.url), '[\n' + vectors.map((vector) => JSON.stringify(vector)).join(',\n') + '\n]\n');
console.log(`${vectors.length} vectors of ${new Set(vectors.map((vector) => vector.provider)).size} entries`);
