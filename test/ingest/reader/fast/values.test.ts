import { describe, expect, it } from 'vitest'
import { KNOWN_NAMES } from '../../../../ingest/reader/slow-reader.js'
import { pairOfReaders } from './same.js'

/** JSON and what only looks like it. The readers must agree on what is which, for every name. */
const VALUES = {
  numbers: [
    '0', '-0', '1', '-1', '12', '007', '00', '01', '-01', '999', '1000', '0.5', '-0.5', '.5', '5.', '1.0', '12.50', '1e3', '1E3', '1e+3', '1e-3', '1e', '1e+', '1.e3', '1e400', '-1e400', '+1', '0x1f',
    '1_0', '1a', '--1', '-', '-a', 'NaN', 'Infinity', '9007199254740991', '9007199254740992', '9007199254740993', '123456789012345', '1234567890123456', '12345678901234567', '0.000001', '0.0000001',
    '123456.789012345', '1234567.89012345', '12345678.901234567', '99999999999999999999', '4294967295', '4294967296', '13335', '1.7976931348623157e308', '5e-324', '0.1', '0.30000000000000004', '22', '607401094.21325227', '19.655614867349946', '16468.036632945471', '93918.973107110424', '8073329.3441697747', '2600.5426545002290', '1049999', '1050000', '1050001',
  ],
  times: [
    '1677821346', '1677821346123', '1677821346123456', '1677821346123456789', '1677821346999999999', '0001677821346123456', '16778213461234567890', '1677821346.5', '1677821346.0', '-1677821346', '1677821346e0', '167782134612',
    '1104537599', '1104537600', '4102444799', '4102444800', '1104537599999', '1104537600000', '4102444799999', '4102444800000', '1104537599999999999', '1104537600000000000', '4102444799999999999', '4102444800000000000',
  ].flatMap((digits) => [digits, `"${digits}"`, `" ${digits}"`]),
  moments: [
    '2023-03-03T05:29:06Z', '2023-03-03T05:29:06.1Z', '2023-03-03T05:29:06.12Z', '2023-03-03T05:29:06.123Z', '2023-03-03T05:29:06.123456789Z', '2023-03-03T05:29:06.1234567890Z', '2023-03-03T05:29:06.Z', '2023-03-03T05:29:06.12aZ', '2023-03-03T05:29:06.1.3Z', '2023-03-03T05:29:06.1234567-Z', '2023-03-03T05:29:06,5Z',
    '2023-03-03T05:29:06', '2023-03-03 05:29:06Z', '2023-03-03t05:29:06Z', '2023-03-03T05:29:06z', '2023-03-03T05:29:06+00:00', '2023-03-03T05:29:06-0330', '2023-03-03T05:29Z', '2023-03-03', '2023-3-3T05:29:06Z', ' 2023-03-03T05:29:06Z ',
    '2023-02-28T00:00:00Z', '2023-02-29T00:00:00Z', '2024-02-29T00:00:00Z', '2024-02-30T00:00:00Z', '2000-02-29T00:00:00Z', '2100-02-29T00:00:00Z', '2023-04-31T00:00:00Z', '2023-12-31T23:59:59.999Z', '2023-13-01T00:00:00Z', '2023-00-01T00:00:00Z',
    '2023-01-00T00:00:00Z', '2023-01-32T00:00:00Z', '2023-01-01T24:00:00Z', '2023-01-01T00:60:00Z', '2016-12-31T23:59:60Z', '2023-01-01T00:00:61Z', '2004-12-31T23:59:59.999Z', '2005-01-01T00:00:00Z', '2099-12-31T23:59:59.999Z', '2100-01-01T00:00:00Z',
    '2023/03/03T05:29:06Z', '2023-03-03T05.29.06Z', '20a3-03-03T05:29:06Z', '2023-03-03T05:29:0aZ', '2023-03-0:T05:29:06Z', '2023-03-03T05:2::06Z',
  ].map((text) => JSON.stringify(text)),
  strings: [
    '""', '" "', '"a"', '"GET"', '"Us"', '"AS13335"', '"as1"', '"200"', '"0"', '"00"', '"0000000000000000"', '"unknown"', '"UnKnown"', '"true"', '"managed_challenge"', '"block"', '"5"', '"12"', '"99"', '"7a1f7ad4df2f870a"', '"7A1F7AD4DF2F870A"',
    '"7a1f7ad4df2f870g"', '"7a1f7ad4df2f870"', '"7a1f7ad4df2f870a0"', '"7a1f7ad4df2f870a-ORD"', '"/a?b"', '"/a\\u003fb?c"', '"/a\\u003Fb"', '"/\\u0061?b\\/c"', '"?"', '"?x"', '"/?"', '"\\\\?"', '"\\\\u003f?"', '"\\/"', '"\\""', '"\\\\"', '"\\b\\f\\n\\r\\t"',
    '"\\u0041"', '"\\u00e9"', '"\\u20ac"', '"\\ud83d\\ude00"', '"\\uD83D\\uDE00"', '"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"', '"\\ude00\\ude00"', '"\\ud83d\\ud83d"', '"\\ud83d\\u0041"', '"\\ud83dx"', '"\\ud83d\\n"', '"\\u0000"', '"\\uffff"', '"é"', '"😀"', '"Straße İ"', '"\\a"', '"\\u12g4"', '"\\u123"',
    '"\\u"', '"\\x41"', '"\\q"', '"\\', '"\\"', '"', '"abc', '"a\u0000b"', '"a\u001fb"', '"a\tb"', '"a\u007fb"', "'a'", '"a" b', '"a""b"',
    ...[15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65].flatMap((n) => [`"${'s'.repeat(n)}"`, `"${'s'.repeat(n)}\\n"`, `"${'s'.repeat(n)}\u0001"`, `"${'s'.repeat(n)}\\q"`, `"${'é'.repeat(n)}"`]),
  ],
  literals: ['true', 'false', 'null', 'True', 'nul', 'nulL', 'nullx', 'truex', 'tru', 'falsey', 'fals', 'undefined', '', ' ', 'true false'],
  nested: [
    '[]', '[ ]', '{}', '{ }', '[1]', '[1,2]', '[1 ,2 ]', '[ "block" , "log" ]', '["block"]', '["block","log"]', '["unknown"]', '[null]', '[true,false]', '[[],[]]', '[{}]', '{"a":[]}', '{"a":{"b":[1,{"c":"d"}]}}', '{"RayID":"x","EdgeResponseStatus":500}', '{"a":1,"a":2}',
    '[', ']', '{', '}', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '[1}', '[}', '{]', '{"a":1]', '{"a":[1}]', '[[1]', '[1]]', '{"a"}', '{"a":}', '{"a":1,}', '{,}', '{a:1}', '{"a" 1}', '{"a":1 "b":2}', '{1:2}', '{"a":1}}', '["\\q"]', '["\\u12g4"]', '["\u0001"]', '[01]', '[1.]', '[-]', '["a]',
    '{"a\\q":1}', '{"a\u0001":1}', '{"timestamp":0123456789012345678}', '{"timestamp":1234567890123456789}', '[nul]', '[tru]', '[1e]',
    ...[10, 60, 61, 62, 63, 64, 65, 130].flatMap((n) => ['['.repeat(n) + ']'.repeat(n), '{"a":'.repeat(n) + '1' + '}'.repeat(n), '['.repeat(n) + ']'.repeat(n - 1)]),
  ],
}
const NAMES = [...KNOWN_NAMES, 'Unknown', 'Cookies']
const REST = { EdgeStartTimestamp: '1677821346123456789', EdgeResponseStatus: '403', RayID: '"7a1f7ad4df2f870b"', ClientRequestHost: '"www.example.com"' }

function line(name: string, value: string, order: number): string {
  const members = new Map(Object.entries(REST))
  members.delete(name)
  const texts = [...members].map(([key, text]) => `"${key}":${text}`)
  texts.splice(order % (texts.length + 1), 0, `"${name}":${value}`)
  return `{${texts.join(',')}}`
}

describe.each(Object.entries(VALUES))('both readers agree on %s, whatever name they stand behind', (_, values) => {
  it('in lines that are like each other and in lines that are not', () => {
    const same = pairOfReaders({ keepQuery: true })
    let read = 0
    NAMES.forEach((name, order) => { read += same(values.map((value) => `${line(name, value, order)}\n`.repeat(2)).join('')).lines })
    values.forEach((value, order) => { read += same(NAMES.map((name) => line(name, value, order)).join('\r\n')).lines })
    expect(read).toBe(values.length * NAMES.length * 3)
  })
})

describe('where two names say the same thing', () => {
  const twins = [
    ['ZoneName', 'ZoneID'], ['CacheCacheStatus', 'CacheStatus'], ['ClientRequestSource', 'RequestSource'], ['ClientRequestPath', 'ClientRequestURI'],
    ['OriginResponseDurationMs', 'OriginResponseTime'], ['EdgeStartTimestamp', 'EdgeEndTimestamp'], ['SecurityAction', 'WAFAction'], ['SecurityActions', 'FirewallMatchesActions'],
  ]
  const values = ['null', '""', '"a"', '"b"', '0', '1', '[]', '{}', '["block"]', '["log","block"]', '"1677821346"', '"1677821347"', '"/p?q"', '"/x"', 'true', '"b\\/"']
  it.each(twins)('%s and %s', (first, second) => {
    const same = pairOfReaders({ keepQuery: true })
    const lines = values.flatMap((a) => values.flatMap((b) => [
      `{"EdgeStartTimestamp":1677821346,"EdgeResponseStatus":403,"RayID":"7a1f7ad4df2f870b","${first}":${a},"${second}":${b}}`,
      `{"EdgeResponseStatus":403,"RayID":"7a1f7ad4df2f870b","${second}":${b},"${first}":${a}}`,
    ]))
    same(lines.join('\n'))
    same(lines.map((text) => `${text}\n`.repeat(2)).reverse().join(''))
  })
})

describe('bytes that are no UTF-8, and such as only look so', () => {
  const sequences = [
    'c3a9', 'e282ac', 'f09f9880', 'ed9fbf', 'ee8080', 'f48fbfbf', 'c280', 'efbfbd', 'efbbbf', '80', 'bf', 'c0', 'c080', 'c1bf', 'c3', 'c328', 'e2', 'e282', 'e28228', 'e228a1', 'e08080', 'e09fbf', 'eda080', 'edbfbf',
    'eda0bdedb880', 'f0', 'f09f', 'f09f98', 'f08080af', 'f0288cbc', 'f4908080', 'f5808080', 'f8888080', 'fe', 'ff', 'c3a9ff', 'ffc3a9', 'e282ace2',
  ].map((hex) => Buffer.from(hex, 'hex'))
  it.each([...KNOWN_NAMES, 'Unknown'])('behind %s', (name) => {
    const same = pairOfReaders({ keepQuery: true })
    const lines = sequences.flatMap((bytes) => ['', '\\n', 'x'.repeat(20)].flatMap((before) => ['', '\\u0041', '?a'].map((after) => Buffer.concat([
      Buffer.from(`{"EdgeStartTimestamp":1677821346,"EdgeResponseStatus":200,"RayID":"7a1f7ad4df2f870a","${name}":"${before}`), bytes, Buffer.from(`${after}"}\n`),
    ]))))
    same(Buffer.concat(lines))
  })
})

describe('both readers agree on the shape of a line', () => {
  const ok = '"EdgeStartTimestamp":1677821346,"EdgeResponseStatus":200,"RayID":"7a1f7ad4df2f870a"'
  it.each([
    `{${ok}}`, ` {${ok}}`, `{${ok}} `, `\t{ ${ok} }\t`, `{${ok}}\r`, `{${ok},}`, `{,${ok}}`, `{${ok}}}`, `{{${ok}}`, `{${ok}`, `${ok}}`, `[{${ok}}]`, `{${ok}} x`, `{${ok}},`, `{${ok}}{${ok}}`, `{${ok}\u0000}`, `\ufeff{${ok}}`,
    `{${ok} "a":1}`, `{${ok},"a" 1}`, `{${ok},"a"::1}`, `{${ok},a:1}`, `{${ok},'a':1}`, `{${ok},"a":1,,"b":2}`, `{${ok};"a":1}`, `{${ok},"a"\u00a0:1}`, `{${ok},"":1}`, `{${ok},"a\\q":1}`, `{${ok},"a\u0001":1}`, `{${ok},"a":1 , "b" : 2 }`,
    `{${ok},"RayID":"7a1f7ad4df2f870b"}`, `{${ok},"EdgeResponseStatus":500}`, `{${ok},"Unknown":1,"Unknown":2}`, `{${ok},"\\u0052ayID":"7a1f7ad4df2f870b"}`, `{${ok},"Ray\\u0049D":""}`, `{${ok},"__proto__":{"EdgeResponseStatus":500}}`,
    `{${ok},"${'k'.repeat(40)}":1,"RayI":1,"RayIDs":2}`, `{${ok},"${'k'.repeat(60)}":1,"ClientIP":"203.0.113.1"}`, `{${ok},"RequestHeaders":{"RayID":"7a1f7ad4df2f870b","ClientIP":"x"}}`, `{${ok}${' '.repeat(100)}}`, `{${ok}}${' '.repeat(100)}`,
  ])('%s', (text) => {
    const same = pairOfReaders()
    for (const end of ['', '\n', '\r\n']) same(`${text}${end}`)
    same(`{${ok}}\n${text}\n{${ok}}\n${text}\n${text}`)
  })
})
