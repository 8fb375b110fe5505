import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shownUrl } from '../../../schema/store/shown-url.js'

describe('a URL as it is shown', () => {
  it.each([
    ['sqlite:data/faultline.sqlite', 'sqlite:data/faultline.sqlite'],
    ['sqlite:/var/lib/me@home/f.sqlite', 'sqlite:/var/lib/me@home/f.sqlite'],
    ['sqlite:///var/lib/a:b@home/f.sqlite', 'sqlite:///var/lib/a:b@home/f.sqlite'],
    ['chdb:/tmp/store', 'chdb:/tmp/store'],
    ['clickhouse://host:8123/logs', 'clickhouse://host:8123/logs'],
    ['clickhouse://ada@host/logs?secure=true', 'clickhouse://ada@host/logs?secure=true'],
    ['clickhouse://ada:s3cret@host:8123/logs', 'clickhouse://ada:***@host:8123/logs'],
    ['clickhouse://:s3cret@host', 'clickhouse://:***@host'],
    ['clickhouse://ada:@host', 'clickhouse://ada:***@host'],
    ['clickhouse://ada:s3:cr@et/x?y#z@host/logs', 'clickhouse://ada:***@host/logs'],
    ['clickhouse://ada:s3cret@one:8123,two:8123/logs', 'clickhouse://ada:***@one:8123,two:8123/logs'],
    [
      'clickhouse://host/?user=ada&password=s3cret&database=logs',
      'clickhouse://host/?user=ada&password=***&database=logs',
    ],
    ['clickhouse://host/?PASSWORD=s3cret', 'clickhouse://host/?PASSWORD=***'],
    ['clickhouse://host/?access_token=s3cret#k', 'clickhouse://host/?access_token=***#k'],
    ['clickhouse://host/?p%61ssword=s3cret', 'clickhouse://host/?p%61ssword=***'],
    ['clickhouse://u:s3cret@host/?user=a@b&password=s3cret', 'clickhouse://u:***@b&password=***'],
    ['mysql://ada:s3cret@db/logs', 'mysql://ada:***@db/logs'],
    ['no url at all', 'no url at all'],
    ['', ''],
  ])('%s → %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown)
  })

  it('never shows a password, whatever is in it', () => {
    const text = fc.stringMatching(/^[!-~]{6,20}$/).map((s) => `<${s.replaceAll(/[<>]/g, 'x')}>`)
    fc.assert(
      fc.property(text, fc.constantFrom('host', 'one:1,two:2', '[::1]:8123'), (password, host) => {
        const inUser = shownUrl(`clickhouse://ada:${password}@${host}/logs`)
        expect(inUser).not.toContain(password)
        expect(inUser).toMatch(/^clickhouse:\/\/ada:\*\*\*@/)
        const escaped = encodeURIComponent(password)
        expect(shownUrl(`clickhouse://${host}/logs?password=${escaped}&a=b`)).not.toContain(escaped)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is shown the same when it is shown again', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        expect(shownUrl(shownUrl(url))).toBe(shownUrl(url))
      }),
    )
  })
})
