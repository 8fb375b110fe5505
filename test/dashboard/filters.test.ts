import { describe, expect, it } from 'vitest'
import { isOn, only, toggle, without } from '../../dashboard/web/state/filters.js'
import {
  breakdownPath,
  errorsOnly,
  spikesPath,
  summaryPath,
  timeseriesPath,
  type Asked,
} from '../../dashboard/web/state/questions.js'
import { spanOf } from '../../dashboard/web/state/range.js'
import { DEFAULTS, type UrlFilter } from '../../dashboard/web/state/url.js'

const from = Date.UTC(2026, 10, 20)
const asked = (filters: UrlFilter[] = []): Asked => ({
  view: { ...DEFAULTS, filters },
  span: spanOf(from, from + 3_600_000, false),
  zone: 'Europe/Paris',
  lang: 'fr',
})

describe('filters', () => {
  it('are switched on and off value by value', () => {
    let filters = toggle([], 'status', '403')
    filters = toggle(filters, 'status', '429')
    expect(filters).toEqual([{ dimension: 'status', not: false, values: ['403', '429'] }])
    filters = toggle(filters, 'status', '403')
    expect(isOn(filters, 'status', '403')).toBe(false)
    expect(toggle(filters, 'status', '429')).toEqual([])
  })

  it('never ask for and exclude the same value', () => {
    const excluded = toggle(toggle([], 'host', 'a'), 'host', 'a', true)
    expect(excluded).toEqual([{ dimension: 'host', not: true, values: ['a'] }])
    expect(toggle(excluded, 'host', 'a')).toEqual([{ dimension: 'host', not: false, values: ['a'] }])
  })

  it('are replaced or taken out by dimension', () => {
    const filters = toggle(toggle(toggle([], 'host', 'a'), 'host', 'b', true), 'path', '/')
    expect(only(filters, 'host', 'c')).toEqual([
      { dimension: 'path', not: false, values: ['/'] },
      { dimension: 'host', not: false, values: ['c'] },
    ])
    expect(without(filters, 'host', true).map((f) => f.dimension)).toEqual(['host', 'path'])
    expect(without(filters, 'host').map((f) => f.dimension)).toEqual(['path'])
  })
})

describe('questions', () => {
  it('carry range and filters as the API takes them', () => {
    expect(
      summaryPath(
        asked([
          { dimension: 'path', not: false, values: ['/a b&c', ''] },
          { dimension: 'status', not: true, values: ['200'] },
        ]),
      ),
    ).toBe(
      'summary?from=2026-11-20T00%3A00%3A00.000Z&to=2026-11-20T01%3A00%3A00.000Z&path=%2Fa+b%26c&path=&not.status=200',
    )
    expect(summaryPath({ ...asked(), view: { ...DEFAULTS, internal: true } })).toContain('&visitor=all')
  })

  it('of errors ask for the error classes, unless the reader chose a class', () => {
    expect(timeseriesPath(asked(), 'source', true)).toContain('class=4xx&class=499&class=5xx')
    const chosen: UrlFilter[] = [{ dimension: 'class', not: false, values: ['2xx'] }]
    expect(errorsOnly(chosen)).toEqual(chosen)
  })

  it('name the zone only where days follow it', () => {
    expect(timeseriesPath(asked(), 'class', false)).not.toContain('tz=')
    const months = { ...asked(), span: spanOf(from - 200 * 86_400_000, from, false) }
    expect(timeseriesPath(months, 'class', false)).toContain('step=day&tz=Europe%2FParis')
  })

  it('compare and speak only where that is asked', () => {
    expect(breakdownPath(asked(), 'host', 10, false)).toContain('compare=previous')
    expect(breakdownPath({ ...asked(), view: { ...DEFAULTS, compare: 'off' } }, 'host', 10, false)).not.toContain(
      'compare',
    )
    expect(spikesPath(asked())).toContain('lang=fr')
  })
})
