import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HTTP } from 'cloudevents';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Collector } from './collector.js';
import { Host, newSecret } from './host.js';
import { rawPayloads, typedData } from './payloads.js';

const secret = newSecret();
let collector;
let host;

/** What was published, by the id of its message: its event type, and the JSON text of its data. */
const published = new Map();

before(async () => {
  collector = await Collector.start();
  host = await Host.start({
    single: [secret],
    rotating: [secret],
    receiverUrl: collector.url,
    schemes: { events: { scheme: 'standard-webhooks', format: 'cloudevents', secrets: [secret] } },
  });
  // A number that JavaScript cannot hold is no number to the SDK.
  for (const text of rawPayloads().filter((text) => text !== '1e400')) {
    published.set(await host.publishRaw(text), { type: 'interop.raw', data: text });
  }
  const data = typedData();
  const ids = await host.publishTyped(data);
  ids.forEach((id, index) => published.set(id, { type: 'interop.typed', data: data[index] }));
  await collector.waitFor(3 * published.size, 180_000);
}, { timeout: 240_000 });

after(async () => {
  await host?.stop();
  await collector?.stop();
});

test('the CloudEvents SDK reads every message, and its signature is that of these bytes', (t) => {
  const requests = collector.requests.filter(({ endpoint }) => endpoint === 'events');
  assert.deepEqual(new Set(requests.map(({ headers }) => headers['webhook-id'])), new Set(published.keys()));
  let read = 0;
  for (const { headers, body } of requests) {
    const { type, data } = published.get(headers['webhook-id']);
    new StandardWebhook(secret).verify(body, headers);
    assert.equal(headers['content-type'], 'application/cloudevents+json; charset=utf-8');
    const event = HTTP.toEvent({ headers, body: body.toString() });
    assert.equal(event.validate(), true);
    assert.deepEqual(
      [event.id, event.type, event.source, event.datacontenttype],
      [headers['webhook-id'], type, '/interop', 'application/json']);
    assert.ok(Math.abs(Date.parse(event.time) - Date.now()) < 3_600_000);
    const expected = JSON.parse(data);
    assert.deepEqual(JSON.parse(body).data, expected);
    if (expected) {
      // What is falsy the SDK takes for no data.
      assert.deepEqual(event.data, expected);
    }
    read++;
  }
  t.diagnostic(`interop: cloudevents read ${read} events`);
});
