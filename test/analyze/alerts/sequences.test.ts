import { afterEach, describe, expect, it } from 'vitest'
import { HOUR, MINUTE, START } from './kit/series.js'
import { BLOCKED, blockedIn, makeWorld, OK, type World, type WorldOptions } from './kit/world.js'

const EXPR = { kind: 'count', where: { status: 403 }, window: '1m', above: 10 } as const

let world: World | undefined
async function given(options: Partial<WorldOptions> = {}): Promise<World> {
  world = await makeWorld({ rules: [{ expr: EXPR }], ...options })
  return world
}
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Logs are taken as complete two minutes behind wall time: what breaks in minute 12:05 is told at 12:08. */
describe('what is said, and when', () => {
  it('of a step: once when it begins, once when it is over', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 15]])
    await w.pass(30)
    expect(w.said).toEqual(['12:08 firing Rule', '12:18 resolved Rule'])
    const [episode] = await w.episodes()
    expect(new Date(episode.firedAt).toISOString()).toBe('2026-05-20T12:06:00.000Z')
    expect(new Date(episode.resolvedAt ?? 0).toISOString()).toBe('2026-05-20T12:16:00.000Z')
    expect(episode.finding).toMatchObject({ value: 50, threshold: 10, expected: 0 })
  })

  it('of a ramp: when it passes the threshold, and not again when it passes back and forth above the recovery', async () => {
    const w = await given({ rules: [{ expr: { ...EXPR, above: 100, recover: 60 } }] })
    const steps = [0, 20, 40, 60, 80, 100, 120, 90, 110, 70, 130, 80, 60, 40, 0]
    w.traffic = (time) => [
      { values: OK, requests: 500 },
      { values: BLOCKED, requests: steps[(time - START) / MINUTE] ?? 0 },
    ]
    await w.pass(25)
    // 120 in minute 6; 60 in minute 12
    expect(w.said).toEqual(['12:09 firing Rule', '12:15 resolved Rule'])
  })

  it('of a blip shorter than `for`: nothing', async () => {
    const w = await given({ rules: [{ expr: EXPR, for: '3m' }] })
    w.traffic = blockedIn([
      [5, 8],
      [12, 14],
    ])
    await w.pass(30)
    expect(w.said).toEqual([])
    expect(await w.episodes()).toEqual([])
  })

  it('of something that keeps firing: again after the repeat interval, until somebody acknowledges it', async () => {
    const w = await given({ notifier: { repeatInterval: '1h' } })
    w.traffic = blockedIn([[5, 400]])
    await w.pass(140)
    expect(w.said).toEqual(['12:08 firing Rule', '13:08 still firing Rule', '14:08 still firing Rule'])
    const [{ id }] = await w.episodes()
    await w.log.acknowledge(id, { at: w.now, by: 'Ada', note: 'on it' })
    await w.pass(130)
    expect(w.said.slice(3)).toEqual(['14:21 acknowledged Rule'])
    w.traffic = () => [{ values: OK, requests: 100 }]
    await w.pass(10)
    expect(w.said.slice(4)).toEqual(['16:32 resolved Rule'])
  })

  it('of an alert that comes and goes: that it flaps, and then silence until it has been quiet for half an hour', async () => {
    const w = await given()
    w.traffic = blockedIn([
      [5, 8],
      [11, 14],
      [17, 20],
      [23, 26],
      [29, 32],
      [35, 38],
    ])
    await w.pass(90)
    expect(w.said).toEqual([
      '12:08 firing Rule',
      '12:11 resolved Rule',
      '12:14 firing Rule',
      '12:17 resolved Rule',
      '12:20 firing flapping Rule',
      '13:11 resolved flapping Rule',
    ])
  })

  it('of many groups at once: one notice; of one that joins within the group interval: at its end', async () => {
    const w = await given({ rules: [{ expr: EXPR, by: ['host'] }], notifier: { groupInterval: '5m' } })
    const hosts: [string, number][] = [
      ['a.example.com', 5],
      ['b.example.com', 5],
      ['c.example.com', 7],
    ]
    w.traffic = (time) => [
      { values: OK, requests: 100 },
      ...hosts.map(([host, from]) => ({
        values: { ...BLOCKED, host },
        requests: time >= START + from * MINUTE && time < START + 20 * MINUTE ? 50 : 0,
      })),
    ]
    await w.pass(40)
    expect(w.said).toEqual([
      '12:08 firing Rule host=a.example.com + firing Rule host=b.example.com',
      '12:13 firing Rule host=c.example.com',
      '12:23 resolved Rule host=a.example.com + resolved Rule host=b.example.com + resolved Rule host=c.example.com',
    ])
  })
})

describe('logs that come late, or not at all', () => {
  it('stop while it fires: no recovery is told; the alert says that nobody can tell', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 200]])
    await w.pass(20)
    w.lag = null
    await w.pass(60)
    expect(w.said).toEqual(['12:08 firing Rule'])
    expect((await w.episodes())[0]).toMatchObject({ state: 'firing', noData: true })
    const { snapshot } = await w.service.rules()
    expect(snapshot.memories[0].noDataSince).not.toBeNull()
    // they come back, all at once, and say that it was over at 12:40
    w.traffic = blockedIn([[5, 40]])
    w.lag = MINUTE
    await w.pass(2)
    expect(w.said).toEqual(['12:08 firing Rule', '13:21 resolved Rule'])
    expect(new Date((await w.episodes())[0].resolvedAt ?? 0).toISOString()).toBe('2026-05-20T12:41:00.000Z')
  })

  it('stop while all is well: nothing is told, and what broke meanwhile is told when they come, even hours later', async () => {
    const w = await given()
    w.traffic = blockedIn([[60, 300]])
    await w.pass(10)
    w.lag = null
    await w.pass(200)
    expect(w.said).toEqual([])
    w.lag = MINUTE
    await w.pass(1)
    expect(w.said).toEqual(['15:31 firing Rule'])
    expect(new Date((await w.episodes())[0].firedAt).toISOString()).toBe('2026-05-20T13:01:00.000Z')
  })

  it('reopen a bucket that was fine: what it shows is told, with the time at which it happened', async () => {
    const w = await given()
    await w.pass(20)
    w.store.add(START + 10 * MINUTE, BLOCKED, 50)
    w.store.addBatch({
      from: new Date(START + 10 * MINUTE).toISOString(),
      to: new Date(START + 10 * MINUTE).toISOString(),
      receivedAt: new Date(w.now).toISOString(),
    })
    await w.pass(1)
    expect(w.said).toEqual(['12:21 passed Rule'])
    const [episode] = await w.episodes()
    expect([episode.state, new Date(episode.firedAt).toISOString()]).toEqual(['resolved', '2026-05-20T12:11:00.000Z'])
  })

  it('show that a recovery was none: the same alert goes on', async () => {
    const w = await given()
    w.traffic = blockedIn([
      [5, 10],
      [12, 30],
    ])
    await w.pass(13)
    expect(w.said).toEqual(['12:08 firing Rule', '12:13 resolved Rule'])
    for (const minute of [10, 11]) w.store.add(START + minute * MINUTE, BLOCKED, 50)
    await w.pass(30)
    expect(w.said).toEqual(['12:08 firing Rule', '12:13 resolved Rule', '12:14 firing Rule', '12:33 resolved Rule'])
    expect(await w.episodes()).toHaveLength(1)
  })

  it('show that nothing was wrong: what was told is taken back', async () => {
    const w = await given({
      rules: [
        {
          expr: {
            kind: 'ratio',
            errors: { status: 403 },
            window: '1m',
            above: 0.5,
            minimum: 10,
          },
        },
      ],
    })
    w.traffic = blockedIn([[5, 8]], 200)
    await w.pass(8)
    expect(w.said).toEqual(['12:08 firing Rule'])
    for (const minute of [5, 6, 7]) w.store.add(START + minute * MINUTE, OK, 5_000)
    await w.pass(5)
    expect(w.said).toEqual(['12:08 firing Rule', '12:09 resolved Rule (withdrawn)'])
    expect((await w.episodes())[0]).toMatchObject({ state: 'resolved', reason: 'withdrawn' })
  })

  it('are waited for as long as their input usually takes', async () => {
    const w = await given({ service: { delay: { fixedMs: null } } })
    w.lag = 10 * MINUTE
    w.traffic = blockedIn([[60, 80]])
    await w.pass(100)
    // batches hold one minute and come 10 after it: 11 minutes, a quarter more for safety
    const { snapshot } = await w.service.rules()
    expect(w.now - Number(snapshot.settings.watermark)).toBe(14 * MINUTE)
    expect(w.said).toEqual(['13:15 firing Rule', '13:35 resolved Rule'])
  })
})

describe('a restart', () => {
  const states: [string, number][] = [
    ['inactive', 3],
    ['pending', 9],
    ['firing', 14],
    ['kept firing', 27],
    ['resolved', 40],
  ]
  it.each(states)('while %s changes nothing of what is said', async (_state, minute) => {
    const w = await given({ rules: [{ expr: EXPR, for: '4m', keepFiringFor: '4m' }] })
    w.traffic = blockedIn([[5, 22]])
    await w.pass(minute)
    await w.restart()
    await w.pass(50 - minute)
    expect(w.said).toEqual(['12:12 firing Rule', '12:29 resolved Rule'])
    expect(await w.episodes()).toHaveLength(1)
  })

  it('at every minute changes nothing either', async () => {
    const w = await given({ rules: [{ expr: EXPR, for: '2m', keepFiringFor: '3m' }] })
    w.traffic = blockedIn([
      [5, 12],
      [20, 30],
    ])
    for (let i = 0; i < 45; i++) {
      await w.pass(1)
      await w.restart()
    }
    expect(w.said).toEqual(['12:10 firing Rule', '12:18 resolved Rule', '12:25 firing Rule', '12:36 resolved Rule'])
  })

  it('after an outage of our own loses nothing: what was over is told as over, what goes on as firing', async () => {
    const w = await given({ rules: [{ expr: EXPR, by: ['host'] }] })
    const host = (name: string, from: number, to: number) => (time: number) => ({
      values: { ...BLOCKED, host: name },
      requests: time >= START + from * MINUTE && time < START + to * MINUTE ? 50 : 0,
    })
    const [over, on] = [host('over.example.com', 20, 40), host('on.example.com', 50, 500)]
    w.traffic = (time) => [{ values: OK, requests: 100 }, over(time), on(time)]
    await w.pass(10)
    // down for an hour and a half; the logs of the time come afterwards
    w.jump(90 * MINUTE)
    await w.restart()
    await w.pass(1)
    expect(w.said).toEqual(['13:41 passed Rule host=over.example.com + firing Rule host=on.example.com'])
  })

  it('does not tell of what is long over', async () => {
    const w = await given()
    w.traffic = blockedIn([[20, 40]])
    await w.pass(10)
    w.jump(20 * HOUR)
    await w.restart()
    await w.pass(1)
    expect(w.said).toEqual([])
    expect(await w.episodes()).toMatchObject([{ state: 'resolved', settled: true }])
  })

  it('blames no absence on the time when nobody listened', async () => {
    const w = await given({ rules: [{ expr: { kind: 'absence', after: '15m' } }] })
    await w.pass(10)
    w.lag = null
    w.jump(3 * HOUR)
    await w.restart()
    await w.pass(14)
    expect(w.said).toEqual([])
    // but if the logs do not come now either, they are missed
    await w.pass(10)
    expect(w.said).toEqual(['15:27 firing Rule'])
  })
})

describe('a clock that jumps', () => {
  it('ahead while the machine sleeps: logs are not missed before they had a chance to come', async () => {
    const w = await given({ rules: [{ expr: { kind: 'absence', after: '15m' } }, { expr: EXPR }] })
    await w.pass(10)
    w.jump(5 * HOUR)
    await w.look()
    await w.pass(20)
    expect(w.said).toEqual([])
  })

  it('back: nothing is told twice, and the queue goes on', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 200]])
    await w.pass(10)
    expect(w.said).toHaveLength(1)
    w.jump(-2 * HOUR)
    w.receiver.behave((response) => response.writeHead(500).end())
    await w.look()
    expect(await w.episodes()).toHaveLength(1)
    const [{ id }] = await w.episodes()
    await w.log.acknowledge(id, { at: w.now, by: 'Ada', note: '' })
    await w.look()
    w.receiver.behave(null)
    await w.pass(2)
    expect(w.said.at(-1)).toMatch(/acknowledged Rule$/)
    // wall time passes 12:10 a second time: still the same alert
    await w.pass(140)
    expect(w.said.filter((line) => / firing/.test(line))).toHaveLength(1)
    expect(await w.episodes()).toHaveLength(1)
  })
})

describe('history that somebody uploads', () => {
  it('wakes nobody', async () => {
    const w = await given()
    w.lag = null
    for (let minute = 0; minute < 300; minute++) {
      w.store.add(START - 20 * HOUR + minute * MINUTE, minute > 100 && minute < 200 ? BLOCKED : OK, 100)
    }
    w.store.addBatch({
      input: 'upload',
      from: new Date(START - 20 * HOUR).toISOString(),
      to: new Date(START - 15 * HOUR).toISOString(),
      receivedAt: new Date(w.now).toISOString(),
    })
    await w.pass(10)
    expect(w.said).toEqual([])
    expect(await w.episodes()).toEqual([])
  })
})

describe('rules that change', () => {
  it('are judged anew from there on; what fires lives on', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 100]])
    await w.pass(20)
    const [stored] = (await w.log.load()).rules
    await w.log.putRules([{ ...stored, draft: { ...stored.draft, expr: { ...EXPR, above: 20 } } }], [])
    await w.pass(10)
    expect(w.said).toEqual(['12:08 firing Rule'])
    await w.log.putRules([{ ...stored, draft: { ...stored.draft, expr: { ...EXPR, above: 80 } } }], [])
    await w.pass(2)
    expect(w.said).toEqual(['12:08 firing Rule', '12:31 resolved Rule'])
  })

  it.each([
    ['switched off', 'rule-off'],
    ['deleted', 'rule-deleted'],
    ['grouped otherwise', 'rule-changed'],
  ])('and are %s end what fires of them, and say so', async (what, reason) => {
    const w = await given()
    w.traffic = blockedIn([[5, 100]])
    await w.pass(20)
    const [stored] = (await w.log.load()).rules
    if (what === 'deleted') await w.log.putRules([], [stored.id])
    else
      await w.log.putRules(
        [
          {
            ...stored,
            draft: what === 'switched off' ? { ...stored.draft, enabled: false } : { ...stored.draft, by: ['host'] },
          },
        ],
        [],
      )
    await w.pass(1)
    expect(w.said[1]).toContain(`resolved Rule (${reason})`)
  })
})

describe('a rule that cannot be evaluated', () => {
  it('says why, and goes on where it was when it can be again', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 12]])
    await w.pass(4)
    w.store.failWith = Object.assign(new Error('The disk is gone: bring it back'), { code: 'STORE_UNUSABLE' })
    await w.pass(20)
    expect((await w.log.load()).memories[0].error).toEqual({
      code: 'STORE_UNUSABLE',
      message: 'The disk is gone: bring it back',
    })
    expect(w.said).toEqual([])
    w.store.failWith = null
    await w.pass(1)
    expect((await w.log.load()).memories[0].error).toBeNull()
    expect(w.said).toEqual(['12:25 passed Rule'])
  })

  it('since the logs lack a field says which', async () => {
    const w = await given({ rules: [{ expr: { ...EXPR, where: { status: 403, source: 'edge' } } }, { expr: EXPR }] })
    w.store.lacking.add('originResponseStatus')
    await w.restart()
    w.traffic = blockedIn([[5, 12]])
    await w.pass(10)
    const errors = (await w.log.load()).memories.map((m) => m.error)
    expect(errors[0]?.message).toContain('OriginResponseStatus')
    expect(errors[1]).toBeNull()
    // the other rule is not held up
    expect(w.said).toEqual(['12:08 firing Rule 2'])
  })
})

describe('who is not told', () => {
  const silence = (over: object) => ({
    id: 's',
    matchers: [{ label: 'alertname', value: 'Rule' }],
    startsAt: START,
    endsAt: START + HOUR,
    reason: 'deploy',
    by: 'Ada',
    ...over,
  })

  it('during a silence nobody; when it ends, what still fires is told', async () => {
    const w = await given()
    await w.log.putSilence(silence({ endsAt: START + 20 * MINUTE }))
    w.traffic = blockedIn([[5, 60]])
    await w.pass(19)
    expect(w.said).toEqual([])
    expect((await w.episodes())[0].muted).toBe('silence: deploy')
    await w.pass(1)
    expect(w.said).toEqual(['12:20 firing Rule'])
  })

  it('during two silences that overlap nobody until the later one ends', async () => {
    const w = await given()
    await w.log.putSilence(silence({ id: 'a', endsAt: START + 15 * MINUTE }))
    await w.log.putSilence(
      silence({
        id: 'b',
        startsAt: START + 10 * MINUTE,
        endsAt: START + 30 * MINUTE,
        matchers: [{ label: 'severity', op: '=~', value: 'warn*|critical' }],
      }),
    )
    w.traffic = blockedIn([[5, 60]])
    await w.pass(40)
    expect(w.said).toEqual(['12:30 firing Rule'])
  })

  it('of what began and ended within a silence nobody, ever', async () => {
    const w = await given()
    await w.log.putSilence(silence({ endsAt: START + 30 * MINUTE }))
    w.traffic = blockedIn([[5, 15]])
    await w.pass(60)
    expect(w.said).toEqual([])
    expect(await w.episodes()).toMatchObject([{ state: 'resolved', settled: true }])
  })

  it('of the end of what was told before a silence: it is told', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 20]])
    await w.pass(10)
    await w.log.putSilence(silence({}))
    await w.pass(20)
    expect(w.said).toEqual(['12:08 firing Rule', '12:23 resolved Rule'])
  })

  it('during maintenance nobody: it holds by the time of the records, however late they come', async () => {
    const w = await given({ service: { delay: { fixedMs: 10 * MINUTE } } })
    await w.log.putMaintenance({
      id: 'm',
      name: 'Wednesday deploy',
      weekdays: ['wednesday'],
      timeZone: 'Europe/Paris',
      start: '14:05',
      duration: '10m',
    })
    w.lag = 9 * MINUTE
    // 12:05 to 12:15 UTC in summer: within the window, though it is 12:25 before the last of it is known
    w.traffic = blockedIn([[6, 14]])
    await w.pass(40)
    expect(w.said).toEqual([])
    w.traffic = blockedIn([[41, 50]])
    await w.pass(30)
    expect(w.said.map((line) => line.slice(6))).toEqual(['firing Rule', 'resolved Rule'])
  })
})
