import { describe, expect, it } from 'vitest'
import type { KnownExpr } from '../../../analyze/alerts/kinds/index.js'
import type { SurgeEpisode } from '../../../analyze/alerts/signals/find-surges.js'
import { HOUR, MINUTE, START, statesOf, traffic } from './kit/series.js'

const OK = { status: '200', source: 'origin', host: 'www.example.com' }
const BLOCKED = { status: '403', source: 'edge', host: 'www.example.com' }
const FAILED = { status: '500', source: 'origin', host: 'www.example.com' }

describe('count over a window', () => {
  const expr = { kind: 'count', where: { status: 403, source: 'edge' }, window: '2m', above: 10 } as const

  it('fires at the tick whose window goes above, and resolves when it no longer does', async () => {
    const store = traffic([
      { values: OK, text: '100x12' },
      { values: BLOCKED, text: '0x3 6x4 0x5' },
    ])
    //                       minute  012 3456 78901
    expect(await statesOf({ expr }, store, { minutes: 12 })).toBe('....FFF.....')
  })

  it('waits for `for`, and begins to wait anew after a pause', async () => {
    const store = traffic([
      { values: OK, text: '100x14' },
      { values: BLOCKED, text: '0x1 20x2 0x3 20x5 0x3' },
    ])
    expect(await statesOf({ expr, for: '3m' }, store, { minutes: 14 })).toBe('.ppp..pppFFF..')
  })

  it('keeps firing through a pause shorter than keepFiringFor', async () => {
    const store = traffic([
      { values: OK, text: '100x16' },
      { values: BLOCKED, text: '0x1 20x2 0x3 20x1 0x9' },
    ])
    expect(await statesOf({ expr, keepFiringFor: '4m' }, store, { minutes: 16 })).toBe('.FFFFFFFFFFF....')
  })

  it('recovers only at the recovery threshold', async () => {
    const store = traffic([
      { values: OK, text: '100x8' },
      { values: BLOCKED, text: '0 8x2 4x2 1x3' },
    ])
    expect(await statesOf({ expr }, store, { minutes: 8 })).toBe('..FF....')
    expect(await statesOf({ expr: { ...expr, recover: 5 } }, store, { minutes: 8 })).toBe('..FFF...')
    expect(await statesOf({ expr: { ...expr, recover: 2 } }, store, { minutes: 8 })).toBe('..FFFF..')
  })

  it('counts what the filters say and nothing else', async () => {
    const store = traffic([
      { values: OK, text: '100x6' },
      { values: { ...BLOCKED, source: 'origin' }, text: '50x6' },
      { values: { ...BLOCKED, visitor: 'false' }, text: '50x6' },
    ])
    expect(await statesOf({ expr }, store, { minutes: 6 })).toBe('......')
    expect(await statesOf({ expr: { ...expr, where: { status: 403, visitor: 'all' } } }, store, { minutes: 6 })).toBe(
      'FFFFFF',
    )
  })

  it('does not take stopped logs for a recovery', async () => {
    const store = traffic([
      { values: OK, text: '100x6 _x10 100x6' },
      { values: BLOCKED, text: '0x3 20x3 _x10 0x6' },
    ])
    // nobody can tell from the fifth silent minute on; before, the window still holds what was seen
    const states = await statesOf({ expr }, store, { minutes: 22, lookBack: 0 })
    expect(states.slice(0, 6)).toBe('...FFF')
    expect(states.slice(6, 16)).toMatch(/^F?!+$/)
    expect(states.slice(16)).toMatch(/^!?\.+$/)
  })
})

describe('ratio with a minimum of requests', () => {
  const expr = { kind: 'ratio', errors: { class: '5xx' }, window: '1m', above: 0.1, minimum: 50 } as const

  it('fires on the share, not on the number', async () => {
    const store = traffic([
      { values: OK, text: '90x2 900x2 50x2 90x2' },
      { values: FAILED, text: '1x2 50x2 50x2 1x2' },
    ])
    expect(await statesOf({ expr }, store, { minutes: 8 })).toBe('....FF..')
  })

  it('begins nothing on few requests', async () => {
    const store = traffic([
      { values: OK, text: '10x6' },
      { values: FAILED, text: '0x2 39x2 40x1 0x1' },
    ])
    // 39 of 49 requests are too few to tell, 40 of 50 are enough
    expect(await statesOf({ expr }, store, { minutes: 6 })).toBe('....F.')
  })

  it('is not over because the visitors left', async () => {
    const store = traffic([
      { values: OK, text: '100x2 10x2 3x3 100x2' },
      { values: FAILED, text: '0x2 90x2 3x3 0x2' },
    ])
    expect(await statesOf({ expr }, store, { minutes: 9 })).toBe('..FFFFF..')
  })

  it('has no opinion on a minute without requests', async () => {
    const store = traffic([
      { values: OK, text: '100x3 _x1 100x2' },
      { values: FAILED, text: '0x2 90 _ 0x2' },
    ])
    expect(await statesOf({ expr }, store, { minutes: 6 })).toBe('..F!..')
  })
})

describe('burn rate of an error budget', () => {
  const objective = 0.99
  const fast: Extract<KnownExpr, { kind: 'burn-rate' }> = {
    kind: 'burn-rate',
    errors: { class: '5xx' },
    objective,
    minimum: 1,
    windows: [{ short: '5m', long: '1h', factor: 14.4 }],
  }

  it('needs both windows: the long one says that it matters, the short one that it still goes on', async () => {
    // 60 % errors burn a 1 % budget 60 times too fast: the hour's average passes 14.4 after 15 minutes
    const store = traffic([
      { values: OK, text: '100x60 40x20 100x40' },
      { values: FAILED, text: '0x60 60x20 0x40' },
    ])
    const states = await statesOf({ expr: fast }, store, { minutes: 120 })
    expect(states).toBe(`${'.'.repeat(74)}${'F'.repeat(9)}${'.'.repeat(37)}`)
    //  fires with minute 74 (15 bad ones: 15 %), and the short window ends it 4 minutes after the last bad one
  })

  it('takes 14.4, 6 and 1 over the three usual pairs of windows', async () => {
    // 7 % of errors: below 14.4, above 6 – the pair of 30 minutes and 6 hours speaks, once its average is there
    const store = traffic([
      { values: OK, text: '100x360 93x400' },
      { values: FAILED, text: '0x360 7x400' },
    ])
    const states = await statesOf(
      { expr: { kind: 'burn-rate', errors: { class: '5xx' }, objective, minimum: 1 } },
      store,
      { minutes: 760 },
    )
    const fired = states.indexOf('F')
    // over 3 days (here: all there is) 1 % is passed after 60 of 420 minutes; the 6-hour short window has 1 % by then too
    expect(fired).toBe(360 + 60)
    expect(states.slice(fired)).toMatch(/^F+$/)
  })

  it('does not burn on a single error of a quiet site', async () => {
    const store = traffic([
      { values: OK, text: '1x120' },
      { values: FAILED, text: '0x60 1 0x59' },
    ])
    expect(await statesOf({ expr: { ...fast, objective: 0.999, minimum: 100 } }, store, { minutes: 120 })).toBe(
      '.'.repeat(120),
    )
    expect(await statesOf({ expr: { ...fast, objective: 0.999, minimum: 1 } }, store, { minutes: 120 })).toContain('F')
  })
})

describe('absence of logs', () => {
  const expr = { kind: 'absence', after: '10m' } as const

  it('fires after so many silent minutes and resolves with the first log', async () => {
    const store = traffic([{ values: OK, text: '100x180 _x15 100x5' }])
    const states = await statesOf({ expr }, store, { minutes: 200 })
    expect(states).toBe(`${'.'.repeat(189)}${'F'.repeat(6)}${'.'.repeat(5)}`)
  })

  it('does not miss what never spoke', async () => {
    expect(
      await statesOf(
        { expr: { ...expr, where: { host: 'new.example.com' } } },
        traffic([{ values: OK, text: '100x30' }]),
        { minutes: 30 },
      ),
    ).toBe('?'.repeat(30))
  })

  it('leaves a site its ordinary silences', async () => {
    // one request every 20 minutes: ten minutes of silence are nothing, two hours are
    const store = traffic([{ values: OK, text: `${'1 0x19 '.repeat(36)} 0x400` }])
    const busy = 36 * 20 - 180
    const states = await statesOf({ expr }, store, {
      from: START + 180 * MINUTE,
      minutes: busy + 400,
      lookBack: 180,
    })
    expect(states.slice(0, busy)).toMatch(/^\.+$/)
    expect(states.indexOf('F')).toBeGreaterThan(busy + 60)
    expect(states.endsWith('F')).toBe(true)
  })

  it('does not blame the silence of the time when nobody listened', async () => {
    const store = traffic([{ values: OK, text: '100x180 _x60' }])
    const states = await statesOf({ expr }, store, { minutes: 240, listeningSince: START + 200 * MINUTE })
    expect(states.slice(180, 209)).not.toContain('F')
    expect(states.indexOf('F')).toBe(209)
  })
})

describe('surge', () => {
  const episode: SurgeEpisode = {
    status: 403,
    statusClass: '4xx',
    source: 'edge',
    host: null,
    start: START + 10 * MINUTE,
    end: START + 20 * MINUTE,
    ongoing: false,
    detectedAt: START + 12 * MINUTE,
    observed: 900,
    expected: 12,
    score: 40,
  }
  const expr = { kind: 'surge' } as const
  const group = ['403', '4xx', 'edge', '']

  it('fires when the detector could know, and ends with the surge', async () => {
    const store = traffic([{ values: OK, text: '100x30' }])
    const states = await statesOf({ expr }, store, { minutes: 30, group, findSurges: async () => [episode] })
    // tick 12:12 closes minute 11
    expect(states).toBe(`${'.'.repeat(11)}${'F'.repeat(9)}${'.'.repeat(10)}`)
  })

  it('goes on while the detector does not say that it is over', async () => {
    const store = traffic([{ values: OK, text: '100x30' }])
    const states = await statesOf({ expr }, store, {
      minutes: 30,
      group,
      findSurges: async () => [{ ...episode, ongoing: true }],
    })
    expect(states).toBe(`${'.'.repeat(11)}${'F'.repeat(19)}`)
  })

  it('is not over because the logs stopped', async () => {
    const store = traffic([{ values: OK, text: '100x20 _x10' }])
    const states = await statesOf({ expr }, store, { minutes: 30, group, findSurges: async () => [episode] })
    expect(states).toBe(`${'.'.repeat(11)}${'F'.repeat(9)}${'!'.repeat(10)}`)
  })
})

describe('grouping', () => {
  it('makes one alert per value, each with a life of its own', async () => {
    const a = { ...FAILED, host: 'a.example.com' }
    const b = { ...FAILED, host: 'b.example.com' }
    const store = traffic([
      { values: OK, text: '100x8' },
      { values: a, text: '0x2 50x2 0x4' },
      { values: b, text: '0x4 50x2 0x2' },
    ])
    const draft = { expr: { kind: 'count', where: { class: '5xx' }, window: '1m', above: 10 } as const, by: ['host'] }
    expect(await statesOf(draft, store, { minutes: 8, group: ['a.example.com'] })).toBe('..FF....')
    expect(await statesOf(draft, store, { minutes: 8, group: ['b.example.com'] })).toBe('....FF..')
  })
})

describe('silence', () => {
  it('of a host that always talked is no recovery, though the others talk on', async () => {
    const shop = { ...OK, host: 'shop.example.com' }
    const text = '50x480 10x10 _x30'
    const store = traffic([
      { values: OK, text: '100x520' },
      { values: shop, text },
      { values: { ...FAILED, host: 'shop.example.com' }, text: '0x480 40x10 _x30' },
    ])
    const draft = {
      expr: { kind: 'ratio', errors: { class: '5xx' }, window: '5m', above: 0.2, minimum: 10 } as const,
      by: ['host'],
    }
    const states = await statesOf(draft, store, { minutes: 520, group: ['shop.example.com'] })
    expect(states.slice(480 + 5)).toMatch(/^F+!+$/)
    expect(START % HOUR).toBe(0)
  })
})
