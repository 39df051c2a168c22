// JSON texts that two JSON libraries, an HTTP stack or a signature could disagree about.

/** Every text is valid JSON, with member names of their own in each object. */
const corners = [
  '{}',
  '[]',
  'null',
  'false',
  '""',
  '"."',
  '0',
  '[{},[],[[[]]],{"":{"":""}}]',
  '{"hebrew":"שָׁלוֹם","arabic":"مرحبا بالعالم","override":"\u202eabc\u202c","mark":"\u200f"}',
  '{"astral":"😀👩‍👩‍👧‍👦🇺🇳𝒳𐍈","𝓴𝓮𝔂":"🔑"}',
  '{"decomposed":"e\u0301","composed":"é","hangul":"\u1112\u1161\u11ab","한":"한"}',
  '{"separators":"\u2028\u2029\u0085","wide":"\u00a0\u3000\u200b\u2060","mark":"\ufeff","delete":"\u007f"}',
  '{"replacement":"\ufffd","nonCharacters":"\uffff\ufdd0"}',
  '{"escaped":"\\u0000\\u0001\\u001f\\u007f\\u2028\\ufeff\\ud83d\\ude00"}',
  '{"lines":"one\\r\\ntwo\\rthree\\n\\r\\n\\r\\n"}',
  '{"quotes":"\\"","backslash":"\\\\","both":"\\\\\\"","solidus":"\\/","spelled":"\\u0022\\u005c"}',
  '{"short":"\\b\\f\\n\\r\\t"}',
  '{"html":"<script>alert(\'&amp;\')</script>","plus":"a+b","percent":"%00%0d%0a"}',
  '{"whole":[9007199254740991,9007199254740993,-9223372036854775808,18446744073709551615,100000000000000000000000]}',
  '{"fractions":[0.1,0.30000000000000004,1.7976931348623157e308,5e-324,2.2250738585072014E-308]}',
  '{"forms":[-0,-0.0,1.0,1.50,1E2,1e+2,1E-2,0e0]}',
  '{"__proto__":{"polluted":true},"constructor":"x","toString":1}',
  '{"signed":"msg_1.1700000000.{}","header":"v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1,"}',
  `{"long":${JSON.stringify('a line of text\r\n'.repeat(12_500))}}`,
  `${'['.repeat(40)}${']'.repeat(40)}`,
];

/** Texts that only a sender of bytes may send: no parser has to agree about them. */
const rawCorners = [
  ' \r\n\t{ \t"a"\r\n:\n1 ,\t"b" : [ ] }\r\n\r\n',
  '\n\n"text"\n\n',
  '{"twice":1,"twice":2}',
  '{"loneSurrogate":"\\ud800","turned":"\\udc00\\ud800"}',
  '1e400',
  `{"largest":"${'€'.repeat((256 * 1024 - 14) / 3)}xx"}`,
];

const words = ['', 'a', 'invoice', 'e\u0301', 'שלום', 'مرحبا', '漢字', '😀', '𝒳', '\u202e', '\u2028', '\\', '"', '/', '\r\n', '\t', '\0', '.', ','];
const numbers = ['0', '-0', '1', '-1', '0.5', '1e3', '1E-7', '123456789012345678', '-2147483648', '4294967296'];
const gaps = ['', '', '', ' ', '\n', '\r\n', '\t  '];

/** Writes the same texts for the same seed. */
class Writer {
  #state;
  #names = 0;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `limit` (mulberry32). */
  below(limit) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  value(depth = 0) {
    const gap = () => this.pick(gaps);
    const many = (write) => Array.from({ length: this.below(5) }, write).join(',');
    switch (this.below(depth < 4 ? 6 : 4)) {
      case 0:
        return this.pick(['true', 'false', 'null']);
      case 1:
        return this.pick(numbers);
      case 2:
      case 3:
        return this.string();
      case 4:
        return `[${gap()}${many(() => `${gap()}${this.value(depth + 1)}${gap()}`)}]`;
      default:
        return `{${gap()}${many(() => `${gap()}${this.name()}${gap()}:${gap()}${this.value(depth + 1)}${gap()}`)}}`;
    }
  }

  object(members) {
    const shuffled = members
      .map((member) => [this.below(1000), member])
      .sort(([a], [b]) => a - b)
      .map(([, [name, value]]) => `${this.pick(gaps)}"${name}"${this.pick(gaps)}:${this.pick(gaps)}${value}${this.pick(gaps)}`);
    return `${this.pick(gaps)}{${shuffled.join(',')}}${this.pick(gaps)}`;
  }

  name() {
    return this.string(`${this.#names++}`);
  }

  string(start = '') {
    const text = start + Array.from({ length: this.below(6) }, () => this.pick(words)).join('');
    return this.below(3) > 0
      ? JSON.stringify(text)
      : `"${text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
  }
}

export const seed = Number(process.env.INTEROP_SEED ?? Date.now() % 2 ** 32);

// Told before anything can fail.
console.log(`interop seed ${seed}`);

/** JSON texts to be sent as they are. */
export function rawPayloads() {
  const writer = new Writer(seed);
  return [...corners, ...rawCorners, ...Array.from({ length: 40 }, () => `${writer.pick(gaps)}${writer.value()}${writer.pick(gaps)}`)];
}

/** JSON texts of the data of an event. */
export function typedData() {
  const writer = new Writer(seed + 1);
  return [...corners, ...Array.from({ length: 40 }, () => writer.value())];
}

/** JSON texts in the Standard Webhooks form, members in any order, with white space anywhere. */
export function standardPayloads(eventType) {
  const writer = new Writer(seed + 2);
  const standard = (data) =>
    writer.object([
      ['type', JSON.stringify(eventType)],
      ['timestamp', '"2026-01-01T00:00:00.000Z"'],
      ['data', data],
    ]);
  return [...corners.map(standard), ...Array.from({ length: 35 }, () => standard(writer.value())), `\ufeff${standard('"after a byte order mark"')}`];
}

/** Events in a form of one's own, each with an id and the JSON text of an object with those members, in any order. */
export function objectPayloads(newId, members) {
  const writer = new Writer(seed + 3);
  return [...corners, ...Array.from({ length: 35 }, () => writer.value())].map((data) => {
    const id = newId();
    return { id, payload: writer.object(members(id, data)) };
  });
}
