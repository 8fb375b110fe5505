/** What a pasted text may name. */
import { expect, it } from 'vitest'
import { placesOf } from '../../dashboard/web/state/search.js'
import { csvOf, fileName, jsonOf } from '../../dashboard/web/state/take.js'

const told = (text: string) =>
  placesOf(text).map((place) =>
    place.kind === 'filter'
      ? `${place.dimension}=${[place.value, ...(place.also ?? [])].join('|')}`
      : `${place.kind}:${place.id}`,
  )

it.each([
  ['7a1f7ad4df2f870a', ['record:7a1f7ad4df2f870a']],
  ['Ray ID: 7A1F7AD4DF2F870A-LHR', ['record:7a1f7ad4df2f870a']],
  ['Cloudflare Ray ID: 7a1f7ad4df2f870a • Your IP: 192.0.2.7', ['record:7a1f7ad4df2f870a']],
  ['cf-ray: 7a1f7ad4df2f870a-ORD', ['record:7a1f7ad4df2f870a']],
  [' 522 ', ['status=522', 'status:522']],
  ['AS13335', ['asn=13335']],
  ['as 13335', ['asn=13335']],
  ['192.0.2.7', ['clientIp=192.0.2.7', 'originIp=192.0.2.7']],
  ['192.0.2.0/24', ['clientIp=192.0.2.*', 'originIp=192.0.2.*']],
  ['10.0.0.0/8', ['clientIp=10.*', 'originIp=10.*']],
  ['192.0.2.0/27', []],
  ['2001:DB8::1', ['clientIp=2001:db8::1', 'originIp=2001:db8::1']],
  ['2001:db8:64::/48', ['clientIp=2001:db8:64:*', 'originIp=2001:db8:64:*']],
  ['2001:db8::/48', ['clientIp=2001:db8::*|2001:db8:0:*', 'originIp=2001:db8::*|2001:db8:0:*']],
  ['2001:db8::/32', ['clientIp=2001:db8:*', 'originIp=2001:db8:*']],
  ['2001:db8::/50', []],
  ['WWW.example.com', ['host=www.example.com']],
  ['https://www.example.com/cart?a=1', ['path=/cart', 'host=www.example.com']],
  ['/api/cart?x=1', ['path=/api/cart', 'path=/api/cart*']],
  ['checkout', []],
  ['', []],
])('%j leads to where that is', (text, places) => {
  expect(told(text)).toEqual(places)
})

it('figures become files in which no cell is a formula', () => {
  const taking = {
    title: 'Errors: by path',
    head: ['path', 'requests'],
    rows: [
      ['=1+1', 3],
      ['/a,b', null],
    ] as const,
  }
  expect(csvOf(taking)).toBe('\ufeffpath,requests\r\n\'=1+1,3\r\n"/a,b",\r\n')
  expect(JSON.parse(jsonOf(taking))).toEqual([
    { path: '=1+1', requests: 3 },
    { path: '/a,b', requests: null },
  ])
  expect(fileName('错误 (5xx)', 'csv')).toBe('faultline-错误-5xx.csv')
})
