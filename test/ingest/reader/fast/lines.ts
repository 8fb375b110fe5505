/** Arbitrary log lines, friendly and hostile, for property tests. */
import fc from 'fast-check'
import { KNOWN_NAMES } from '../../../../ingest/reader/names.js'

/** Known names, near misses, names of other datasets and of nested records. */
export const names = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...KNOWN_NAMES) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'EdgeResponseStatu',
      'EdgeResponseStatuss',
      'rayid',
      'Datetime',
      'Timestamp',
      'content',
      'timestamp',
      'edge',
      'edgeResponse',
      'client',
      '__proto__',
      'constructor',
      'toString',
      '',
      'OriginResponseHeaderReceiveDurationMilliseconds',
      'ClientRequestBytes',
      'Cookies',
      'RequestHeaders',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)

const words = fc.constantFrom(
  '',
  'unknown',
  'UNKNOWN',
  'hit',
  'miss',
  'dynamic',
  'stale',
  'revalidated',
  'GET',
  'eyeball',
  'edgeWorkerFetch',
  'earlyHintsCache',
  'orangeToOrange',
  '1',
  '5',
  '99',
  'block',
  'managedChallenge',
  'managed_challenge',
  'allow',
  'log',
  'us',
  'US',
  'de',
  'ORD',
  'ord',
  'wl',
  'ban',
  'chl',
  'err',
  'macro',
  'nr',
  'www.example.com',
  'WWW.Example.COM',
  'AS13335',
  '13335',
  '/',
  '/a?b=c',
  '/a?',
  '?',
  '?x',
  '/a?b?c',
  'true',
  'false',
  '0',
  '00',
  '0000000000000000',
  '[]',
  '["block","log"]',
  "['block']",
  'block,log',
  '[block]',
  'a1b2c3d4e5f60718',
  'A1B2C3D4E5F60718',
  '7a1f7ad4df2f870a',
  '203.0.113.1',
  '2001:db8::1',
)

/** Strings with what breaks readers: escapes, halves of surrogate pairs, controls, other scripts, great length. */
const strange = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '\u0000',
    '\u001f',
    '"',
    '\\',
    '\\"',
    '/\\',
    '\u007f',
    '\u00e9',
    '\ud83d\ude00',
    '\ud83d',
    '\ude00',
    '\ufeff',
    '\ufffd',
    '\u2028',
    'Ünïcödé',
    '路径?查询',
    '\u0130',
    'ß',
    'ẞ',
  ),
  fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)),
  fc.integer({ min: 8_180, max: 8_200 }).map((n) => 'x'.repeat(n)),
  fc.integer({ min: 10, max: 70 }).map((n) => '/' + 'y'.repeat(n)),
)

const times = fc.oneof(
  fc
    .integer({ min: 1_600_000_000, max: 1_800_000_000 })
    .chain((s) =>
      fc.constantFrom(
        String(s),
        `${s}123`,
        `${s}123456`,
        `${s}123456789`,
        `"${s}"`,
        `"${s}999999999"`,
        `${s}.5`,
        `"${s}.25"`,
        `${s}0`,
        `0${s}`,
        `"0${s}"`,
        `-${s}`,
        `${s}e0`,
        `0${s}123456789`,
        JSON.stringify(new Date(s * 1000).toISOString()),
        JSON.stringify(new Date(s * 1000).toISOString().replace('.000', '')),
        JSON.stringify(new Date(s * 1000).toISOString().replace('.000', '.123456789')),
        JSON.stringify(new Date(s * 1000).toISOString().replace('.000Z', '.5Z')),
        JSON.stringify(new Date(s * 1000).toISOString().replace('.000Z', '+02:00')),
        JSON.stringify(new Date(s * 1000).toISOString().replace('T', ' ')),
        JSON.stringify(` ${new Date(s * 1000).toISOString()}`),
      ),
    ),
  fc.constantFrom(
    '"2023-02-29T00:00:00Z"',
    '"2024-02-29T00:00:00Z"',
    '"2023-13-01T00:00:00Z"',
    '"2023-01-01T24:00:00Z"',
    '"2023-01-01T00:60:00Z"',
    '"2016-12-31T23:59:60Z"',
    '"2004-12-31T23:59:59.999Z"',
    '"2005-01-01T00:00:00Z"',
    '"2099-12-31T23:59:59.999Z"',
    '"2100-01-01T00:00:00Z"',
    '"2100-02-29T00:00:00Z"',
    '"2023-03-03T05:29:06.Z"',
    '"2023-03-03T05:29:06.1234567890Z"',
    '"2023-03-03T05:29:06z"',
    '"2023-03-03t05:29:06Z"',
    '"2023-3-03T05:29:06Z"',
    '"2023"',
    '""',
    'null',
    '0',
    '"0"',
    '1e10',
    '99999999999999999',
    '1677821346000000000.0',
    '1677821346999999999',
    '"1677821346999999999 "',
    '12345678901234567890',
    '123456789012345678901',
    '1104537599',
    '1104537600',
    '4102444799',
    '4102444800',
  ),
)

const numbers = fc
  .oneof(
    fc.integer({ min: 0, max: 999 }).map(String),
    fc.integer().map(String),
    fc.double().map((n) => JSON.stringify(n)),
    fc.bigInt({ min: 0n, max: 10n ** 22n }).map(String),
    fc.tuple(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 10 ** 8 })).map(([a, b]) => `${a}.${b}`),
    fc.constantFrom(
      '0',
      '-0',
      '00',
      '01',
      '-1',
      '1e400',
      '-1e400',
      '1E2',
      '1e+2',
      '1e-2',
      '0.5',
      '.5',
      '5.',
      '1.',
      '0.1e',
      '+1',
      '0x10',
      '1_000',
      'NaN',
      'Infinity',
      '9007199254740993',
      '999',
      '1000',
      '499',
      '200.0',
      '0.0',
      '123456789012345',
      '1234567890123456',
      '0.000000000000001',
      '12345678.1234567',
      '12345678.12345678',
    ),
  )
  .chain((n) => fc.constantFrom(n, n, `"${n}"`, `" ${n} "`))

/** A string as JSON, its characters escaped or not as it comes. */
const jsonString = (texts: fc.Arbitrary<string>) =>
  fc.tuple(texts, fc.integer({ min: 0, max: 3 }), fc.infiniteStream(fc.boolean())).map(([text, how, coins]) => {
    if (how < 2) return JSON.stringify(text)
    let out = ''
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      const plain = JSON.stringify(text[i]).slice(1, -1)
      if (!coins.next().value && text.length < 100) out += plain
      else
        out +=
          text[i] === '/' && how === 3
            ? '\\/'
            : `\\u${how === 3 ? unit.toString(16).padStart(4, '0') : unit.toString(16).padStart(4, '0').toUpperCase()}`
    }
    return `"${out}"`
  })

const nested = fc.json({ maxDepth: 4 }).map((json) => json.replaceAll(/"(?:a|b)"/g, '"RayID"'))
const sameNamesInside = fc.constantFrom(
  '{"RayID":"7a1f7ad4df2f870a","EdgeResponseStatus":500}',
  '{"EdgeStartTimestamp":1677821346123456789}',
  '[{"ClientIP":"1.2.3.4"}]',
  '{ }',
  '[ ]',
  '{}',
  '[]',
  '[[[[]]]]',
  '[1,]',
  '{,}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '[1 2]',
  '{"a":1 "b":2}',
  '{a:1}',
  '[}',
  '{]',
  '{"timestamp":0123456789012345678}',
  '["\\q"]',
  '["\\u12g4"]',
  '["\u0001"]',
  '["block","log"]',
  `${'['.repeat(70)}${']'.repeat(70)}`,
  `${'{"a":'.repeat(61)}1${'}'.repeat(61)}`,
  `${'['.repeat(64)}${']'.repeat(63)}`,
)
const literals = fc.constantFrom('true', 'false', 'null', 'True', 'nul', 'nullx', 'truee', 'fals', 'undefined', '')

export const anyValue = fc.oneof(
  { weight: 6, arbitrary: jsonString(words) },
  { weight: 3, arbitrary: jsonString(strange) },
  { weight: 4, arbitrary: numbers },
  { weight: 3, arbitrary: times },
  { weight: 2, arbitrary: literals },
  { weight: 2, arbitrary: sameNamesInside },
  { weight: 1, arbitrary: nested },
)

/** What a name's value should be like, now and then anything. */
function valueOf(name: string): fc.Arbitrary<string> {
  const own = name.endsWith('Timestamp')
    ? times
    : name.endsWith('Status') && /Response/.test(name)
      ? fc.constantFrom(
          '200',
          '0',
          '404',
          '"403"',
          '504',
          'null',
          '""',
          '499',
          '520',
          '302',
          '206',
          '304',
          '99',
          '1000',
        )
      : /(Bytes|Ms|Time|ASN)$/.test(name)
        ? fc.oneof(fc.nat(100_000).map(String), numbers)
        : name === 'RayID'
          ? fc.oneof(
              fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => `"${n.toString(16).padStart(16, '0')}"`),
              jsonString(words),
            )
          : fc.oneof({ weight: 4, arbitrary: jsonString(words) }, { weight: 1, arbitrary: jsonString(strange) })
  return fc.oneof({ weight: 6, arbitrary: own }, { weight: 1, arbitrary: anyValue })
}

const space = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constant(' ') },
  { weight: 1, arbitrary: fc.constantFrom('\t', '  ', ' \t ', '\r', ' '.repeat(40), '\u00a0', '\u000b') },
)

/** A member as JSON text; keys in rare cases with escapes. */
const anyMember = names.chain((name) =>
  fc.tuple(
    fc.oneof(
      { weight: 20, arbitrary: fc.constant(JSON.stringify(name)) },
      { weight: 1, arbitrary: jsonString(fc.constant(name)) },
    ),
    valueOf(name),
  ),
)

/** Values as exports have them, of every type that the name may have. */
function usualValueOf(name: string): fc.Arbitrary<string> {
  if (name.endsWith('Timestamp'))
    return fc
      .integer({ min: 1_677_800_000, max: 1_677_900_000 })
      .chain((s) => fc.constantFrom(`${s}`, `${s}001002003`, `"${new Date(s * 1000).toISOString()}"`, '""', 'null'))
  if (name.endsWith('Status') && /Response/.test(name))
    return fc.constantFrom('200', '0', '404', '"403"', '504', 'null', '""', '499', '520', '302', '206', '304')
  if (/(Bytes|Ms|Time|ASN)$/.test(name))
    return fc.oneof(
      fc.nat(100_000).map(String),
      fc.nat(100_000).map((n) => String(n / 1000)),
      fc.nat(9_999).map((n) => `"${n}"`),
      fc.constantFrom('null', '""', '0'),
    )
  if (name === 'RayID')
    return fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map((n) => `"${n.toString(16).padStart(16, '0')}"`)
  const texts = fc.oneof(
    { weight: 3, arbitrary: jsonString(words) },
    { weight: 1, arbitrary: jsonString(strange) },
    { weight: 1, arbitrary: fc.constantFrom('null', '""') },
  )
  if (name.endsWith('s') && /Security|Firewall/.test(name)) {
    return fc.oneof(
      texts,
      fc.array(texts, { maxLength: 3 }).map((list) => `[${list.join(',')}]`),
      fc.array(texts, { maxLength: 3 }).map((list) => `[ ${list.join(' , ')} ]`),
    )
  }
  return name === 'WorkerSubrequest' ? fc.constantFrom('true', 'false', '"true"', '0', '1', 'null') : texts
}

const usualNames = fc.uniqueArray(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...KNOWN_NAMES) }, { weight: 1, arbitrary: names }),
  { maxLength: 40 },
)
const usualMembers = usualNames.chain((list) =>
  fc.tuple(...list.map((name) => fc.tuple(fc.constant(JSON.stringify(name)), usualValueOf(name)))),
)

const needed = fc.tuple(
  fc.constantFrom(
    '"EdgeResponseStatus":200',
    '"EdgeResponseStatus":403',
    '"EdgeResponseStatus":"504"',
    '"EdgeResponseStatus":499',
  ),
  fc.constantFrom(
    '"EdgeStartTimestamp":1677821346123456789',
    '"EdgeStartTimestamp":"2023-03-03T05:29:06Z"',
    '"EdgeStartTimestamp":1677821346',
    '"EdgeEndTimestamp":1677821346999',
  ),
  fc.constantFrom(
    '"RayID":"7a1f7ad4df2f870a"',
    '"RayID":"7a1f7ad4df2f870b"',
    '"RayID":""',
    '"RayID":"7a1f7ad4df2f870a-ORD"',
    '"X":1',
  ),
)

/** Lines that are mostly JSON and often records, for the slow reader in most cases. */
export const hostileLine = fc
  .tuple(
    fc.array(fc.tuple(anyMember, space, space, space), { maxLength: 14 }),
    fc.oneof({ weight: 5, arbitrary: needed }, { weight: 1, arbitrary: fc.constant(null) }),
    fc.nat(20),
    fc.tuple(space, space, space),
    fc.constantFrom('', '', '', '', '', '', '}', ',', ' x', '\u0000', '{}', '\r'),
  )
  .map(([members, required, at, [before, inside, after], rest]) => {
    const parts = members.map(([[key, value], a, b, c]) => `${a}${key}${b}:${c}${value}`)
    if (required) parts.splice(at % (parts.length + 1), 0, ...required)
    return `${before}{${inside}${parts.join(`${inside},`)}${after}}${rest}`.replaceAll('\n', ' ')
  })

/** Lines that are records, with one strange member now and then. */
export const usualLine = fc
  .tuple(
    usualMembers,
    fc.constantFrom('200', '403', '"504"', '499', '0'),
    fc.constantFrom('1677821346123456789', '"2023-03-03T05:29:06Z"', '1677821346'),
    fc.nat(40),
    fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anyMember }),
    fc.constantFrom('', '', ' '),
    fc.constantFrom('', '', '', '\r', ' \t\r'),
  )
  .map(([members, status, time, at, odd, inside, rest]) => {
    const parts = new Map(members)
    if (parts.has('"EdgeResponseStatus"') || at % 7 > 0) parts.set('"EdgeResponseStatus"', status)
    if (parts.has('"EdgeStartTimestamp"') || at % 5 > 0) parts.set('"EdgeStartTimestamp"', time)
    const texts = [...parts].map(([key, value]) => `${inside}${key}:${inside}${value}`)
    if (odd) texts.splice(at % (texts.length + 1), 0, `${odd[0]}:${odd[1]}`)
    return `{${texts.join(',')}${inside}}${rest}`.replaceAll('\n', ' ')
  })

export const line = fc.oneof({ weight: 3, arbitrary: usualLine }, { weight: 1, arbitrary: hostileLine })

/** Lines that are no records at all. */
export const otherLine = fc.constantFrom(
  '',
  ' ',
  '\r',
  ' \t\r',
  '{}',
  '{ }',
  '[]',
  '[{}]',
  'null',
  '""',
  '"',
  '{',
  '}',
  '{"',
  '{"a',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{"content":"tests"}',
  '{"content":"tests","a":1}',
  'Error streaming data',
  'a,b,c',
  '<html>',
  '\ufeff{"EdgeResponseStatus":200,"EdgeStartTimestamp":1677821346}',
  '{"Datetime":1,"EdgeResponseStatus":200}',
  '{"EdgeResponseStatus":200}',
  '{"EdgeStartTimestamp":1677821346}',
  '{"edgeResponse":{"status":200},"timestamp":1677821346123456789,"rayId":"7a1f7ad4df2f870a"}',
  '{"edgeResponse":{"status":200},"edge":{"startTimestamp":"2017-01-01T00:00:00Z"},"RayID":"x"}',
)

export const chunk = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof({ weight: 6, arbitrary: line }, { weight: 1, arbitrary: otherLine }),
        fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n', ' \n'),
      ),
      { maxLength: 12 },
    ),
    fc.oneof(fc.constant(''), line, otherLine),
  )
  .map(([lines, last]) => lines.map(([text, end]) => text + end).join('') + last)
