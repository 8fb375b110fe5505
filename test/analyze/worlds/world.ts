import type { MinuteSeries, Scope, Source, TroubleClass } from '../../../analyze/spikes/detect/types.js'
import { seeded, type Random } from './random.js'
import type { Planted, Scenario, ScenarioSource } from './scenario.js'

/**
 * Sites as they are, minute by minute: counts only, no log lines. Every figure is a guess about the world, wide on
 * purpose; nothing here knows how the detector works.
 */
export const minuteWorlds: ScenarioSource = {
  name: 'minute counts',
  *scenarios(seeds) {
    for (const seed of seeds) yield world(seed)
  },
}

const MINUTE = 60_000
const DAY = 1440

interface Code {
  status: number
  source: Source
  /** Part of the requests on an ordinary day; or, for codes that hardly ever come, strays a day. */
  share: number
  strays: number
  /** Errors a minute that come whatever the visitors do (monitors, crawlers). */
  steady: number
  /** Relative scatter of a single minute beyond Poisson. */
  scatter: number
  /** Amplitude and phase of the share's own daily rhythm. */
  rhythm: number
  phase: number
  /** Standard deviation of the share's slow wandering (hours). */
  wander: number
  /** Little bursts a day that belong to the background. */
  bursts: number
  burstSize: number
}

/** What an incident does to one code on some hosts, minute by minute. */
interface Effect {
  status: number
  source: Source
  hosts: number[]
  /** Part of these hosts' requests that get the code; or errors a minute that come on top. */
  part: Float64Array
  added: Float64Array
}

interface Plan {
  kind: string
  scope: Scope
  from: number
  to: number
  effects: Effect[]
  wanted?: 'either'
}

const classOf = (status: number): TroubleClass => (status === 499 ? '499' : status >= 500 ? '5xx' : '4xx')

const ORDINARY: [number, Source, number, number][] = [
  // status, source, lowest and highest share
  [404, 'origin', 0.003, 0.08],
  [403, 'edge', 0.0005, 0.04],
  [403, 'origin', 0.0001, 0.003],
  [401, 'origin', 0.0001, 0.02],
  [400, 'origin', 0.0001, 0.004],
  [429, 'edge', 0.00005, 0.005],
  [499, 'client', 0.0005, 0.02],
  [500, 'origin', 0.00002, 0.003],
  [502, 'origin-failure', 0.00001, 0.0008],
  [503, 'origin', 0.00001, 0.001],
  [504, 'origin-failure', 0.00001, 0.0008],
]
const RARE: [number, Source][] = [
  [405, 'origin'],
  [409, 'edge'],
  [413, 'edge'],
  [520, 'origin-failure'],
  [521, 'origin-failure'],
  [522, 'origin-failure'],
  [524, 'origin-failure'],
  [525, 'origin-failure'],
  [530, 'origin-failure'],
]
const BREAKABLE: [number, Source][] = [
  [500, 'origin'],
  [502, 'origin-failure'],
  [503, 'origin'],
  [504, 'origin-failure'],
  [520, 'origin-failure'],
  [521, 'origin-failure'],
  [522, 'origin-failure'],
  [524, 'origin-failure'],
  [525, 'origin-failure'],
  [530, 'origin-failure'],
  [403, 'edge'],
  [403, 'origin'],
  [429, 'edge'],
  [404, 'origin'],
  [401, 'origin'],
  [499, 'client'],
  [409, 'edge'],
]
const MIXED: [number, Source][] = [
  [500, 'origin'],
  [502, 'origin-failure'],
  [503, 'origin'],
  [504, 'origin-failure'],
  [520, 'origin-failure'],
  [522, 'origin-failure'],
]

export function world(seed: number): Scenario {
  const r = seeded(seed)
  const days = r.chance(0.06) ? r.whole(22, 28) : r.whole(2, 10)
  const cold = r.chance(0.12)
  const minutes = cold ? r.whole(60, 240) : days * DAY
  const from = Date.UTC(2026, r.whole(0, 11), r.whole(1, 28), r.whole(0, 23))
  const rate = r.spread(2, 50_000)
  const hosts = hostShares(r)
  const codes = background(r)
  const visitors = visits(r, rate, minutes, new Date(from).getUTCHours() * 60)

  const plans = cold ? coldPlans(r, minutes, hosts, rate) : dayPlans(r, minutes, hosts, visitors)
  const traps = cold ? [] : trapPlans(r, minutes, hosts, codes, visitors)
  return realise(r, seed, from, minutes, hosts, codes, visitors, plans, traps)
}

function hostShares(r: Random): number[] {
  if (r.chance(0.45)) return [1]
  const weights = Array.from({ length: r.whole(2, 7) }, (_, i) => r.between(0.5, 1.5) / (i + 1) ** 1.5)
  const sum = weights.reduce((a, b) => a + b)
  return weights.map((w) => w / sum)
}

function background(r: Random): Code[] {
  const bursty = r.chance(0.4)
  const ordinary = ORDINARY.map(([status, source, low, high]): Code => {
    const client = status < 499
    return {
      status,
      source,
      share: r.chance(0.85) ? r.spread(low, high) : 0,
      strays: 0,
      steady: client && r.chance(0.15) ? r.spread(0.2, 10) : 0,
      scatter: r.between(0, client ? 0.5 : 0.3),
      rhythm: r.between(0, 0.4),
      phase: r.between(0, 2 * Math.PI),
      wander: r.between(0, 0.25),
      bursts: client && bursty ? r.between(0, 1.5) : status >= 500 ? r.between(0, 1) : 0,
      burstSize: client ? r.spread(5, 15) : 3,
    }
  })
  const rare = RARE.map(([status, source]): Code => {
    return {
      status,
      source,
      share: 0,
      strays: r.chance(0.6) ? r.spread(0.3, 15) : 0,
      steady: 0,
      scatter: 0,
      rhythm: 0,
      phase: 0,
      wander: 0,
      bursts: r.between(0, 1),
      burstSize: 3,
    }
  })
  return [...ordinary, ...rare]
}

/** Visitors a minute that are due (before chance): day and night, weekends, and an unsteady hand. */
function visits(r: Random, rate: number, minutes: number, offset: number): Float64Array {
  const day = r.between(0, 0.85)
  const second = r.between(0, 0.3) * day
  const weekend = r.between(0.4, 1.2)
  const unsteady = r.between(0, 0.12)
  const hold = Math.exp(-1 / r.between(4, 40))
  const phase = r.between(0, 2 * Math.PI)
  const firstDay = r.whole(0, 6)
  let drift = 0
  return Float64Array.from({ length: minutes }, (_, i) => {
    const t = (2 * Math.PI * (i + offset)) / DAY
    const dow = (firstDay + Math.floor((i + offset) / DAY)) % 7
    drift = drift * hold + Math.sqrt(1 - hold * hold) * unsteady * r.normal()
    const shape = Math.max(0.03, 1 + day * Math.cos(t + phase) + second * Math.cos(2 * t + phase))
    return rate * shape * (dow >= 5 ? weekend : 1) * Math.exp(drift)
  })
}

/** Minutes of an incident: 1 while it is on, rising and broken up as its shape says; the first minute only in part. */
type Shape = 'step' | 'ramp' | 'hill' | 'flap'

function intensity(r: Random, minutes: number, from: number, to: number, shape: Shape): Float64Array {
  const out = new Float64Array(minutes)
  const length = to - from
  const on = r.whole(3, 7)
  const off = r.whole(2, 8)
  const peak = r.between(0.3, 0.6)
  for (let i = from; i < Math.min(to, minutes); i++) {
    const x = (i - from + 0.5) / length
    if (shape === 'step') out[i] = 1
    else if (shape === 'ramp') out[i] = Math.min(1, x / 0.7)
    else if (shape === 'hill') out[i] = x < peak ? x / peak : (1 - x) / (1 - peak)
    else out[i] = (i - from) % (on + off) < on ? 1 : 0
  }
  if (shape === 'step' && from < minutes) out[from] = r.between(0.05, 1)
  return out
}

function effect(
  minutes: number,
  [status, source]: [number, Source],
  hosts: number[],
  shape: Float64Array,
  scale: { part?: number; added?: number },
): Effect {
  return {
    status,
    source,
    hosts,
    part: scale.part ? shape.map((x) => x * scale.part!) : new Float64Array(minutes),
    added: scale.added ? shape.map((x) => x * scale.added!) : new Float64Array(minutes),
  }
}

const scopeOf = (
  status: number | null,
  statusClass: TroubleClass,
  source: Source | null,
  host: number | null,
): Scope => ({
  status,
  statusClass,
  source,
  host: host === null ? null : hostName(host),
})

export const hostName = (host: number): string =>
  `${['www', 'api', 'shop', 'img', 'blog', 'admin', 'old'][host]}.example.com`

/** About one incident a day, at least 90 minutes apart where they are of the same class. */
function dayPlans(r: Random, minutes: number, hosts: number[], visitors: Float64Array): Plan[] {
  const plans: Plan[] = []
  const perDay = r.pick([0, 0.4, 1, 2])
  const wanted = r.poisson((perDay * minutes) / DAY)
  for (let n = 0; n < wanted; n++) {
    const kind = r.pick([
      'step',
      'step',
      'ramp',
      'hill',
      'short',
      'long',
      'weak',
      'weak',
      'flap',
      'mixed',
      'host',
      'drop',
      'flood',
      'overlap',
    ])
    const from = r.whole(200, minutes - 60)
    const made = incident(r, kind, from, minutes, hosts, visitors)
    const clash = made.some((m) =>
      plans.some((p) => p.scope.statusClass === m.scope.statusClass && m.from < p.to + 90 && p.from < m.to + 90),
    )
    if (!clash) plans.push(...made)
  }
  return plans
}

function incident(
  r: Random,
  kind: string,
  from: number,
  minutes: number,
  hosts: number[],
  visitors: Float64Array,
): Plan[] {
  const all = hosts.map((_, i) => i)
  const code = r.pick(BREAKABLE)
  const one = r.chance(0.3) && hosts.length > 1 ? [r.pick(all)] : all
  const host = one.length === 1 && hosts.length > 1 ? one[0] : null
  const scope = scopeOf(code[0], classOf(code[0]), code[1], host)
  const span = (length: number) => Math.min(minutes, from + length)
  const plain = (to: number, shape: Shape, part: number): Plan => ({
    kind,
    scope,
    from,
    to,
    effects: [effect(minutes, code, one, intensity(r, minutes, from, to, shape), { part })],
  })
  switch (kind) {
    case 'step':
      return [plain(span(r.whole(8, 90)), 'step', r.spread(0.03, 0.7))]
    case 'ramp':
      return [plain(span(r.whole(20, 150)), 'ramp', r.spread(0.05, 0.7))]
    case 'hill':
      return [plain(span(r.whole(20, 120)), 'hill', r.spread(0.05, 0.7))]
    case 'short':
      return [plain(span(3), 'step', r.spread(0.1, 0.9))]
    case 'long':
      return [plain(span(360), 'step', r.spread(0.02, 0.4))]
    case 'flap':
      return [plain(span(r.whole(30, 90)), 'flap', r.spread(0.05, 0.7))]
    case 'weak': {
      const length = r.whole(4, 45)
      const to = span(length)
      const shape = intensity(r, minutes, from, to, r.pick(['step', 'step', 'hill']))
      const sum = shape.reduce((a, b) => a + b)
      const added = r.between(24, 60) / sum
      const where = hosts.length > 1 && r.chance(0.5) ? [r.pick(all)] : [0]
      return [
        {
          kind,
          scope: scopeOf(code[0], classOf(code[0]), code[1], hosts.length > 1 ? where[0] : null),
          from,
          to,
          effects: [effect(minutes, code, where, shape, { added })],
        },
      ]
    }
    case 'mixed': {
      const to = span(r.whole(15, 90))
      const shape = intensity(r, minutes, from, to, 'step')
      const part = r.spread(0.02, 0.4)
      const some = MIXED.filter(() => r.chance(0.8)).slice(0, 5)
      const parts = some.map(() => r.between(0.6, 1.4))
      const sum = parts.reduce((a, b) => a + b, 0)
      if (some.length < 3) return []
      return [
        {
          kind,
          scope: scopeOf(null, '5xx', null, host),
          from,
          to,
          effects: some.map((c, i) => effect(minutes, c, one, shape, { part: (part * parts[i]) / sum })),
        },
      ]
    }
    case 'host': {
      if (hosts.length < 3) return []
      const small = hosts.length - 1
      const to = span(r.whole(10, 90))
      return [
        {
          kind,
          scope: scopeOf(code[0], classOf(code[0]), code[1], small),
          from,
          to,
          effects: [
            effect(minutes, code, [small], intensity(r, minutes, from, to, 'step'), { part: r.between(0.2, 0.9) }),
          ],
        },
      ]
    }
    case 'drop': {
      const dead = r.pick(BREAKABLE.slice(1, 10))
      const to = span(r.whole(10, 120))
      const left = r.between(0.05, 0.4)
      for (let i = from; i < to; i++) visitors[i] *= left
      return [
        {
          kind,
          scope: scopeOf(dead[0], '5xx', dead[1], null),
          from,
          to,
          effects: [
            effect(minutes, dead, all, intensity(r, minutes, from, to, 'step'), { part: r.between(0.5, 0.97) }),
          ],
        },
      ]
    }
    case 'flood': {
      const guard = r.pick<[number, Source]>([
        [429, 'edge'],
        [403, 'edge'],
        [404, 'origin'],
        [401, 'origin'],
      ])
      const to = span(r.whole(5, 60))
      const due = visitors[from]
      const times = r.between(1, 15)
      const where = hosts.length > 1 ? r.pick(all) : 0
      return [
        {
          kind,
          scope: scopeOf(guard[0], '4xx', guard[1], hosts.length > 1 ? where : null),
          from,
          to,
          effects: [
            effect(minutes, guard, [where], intensity(r, minutes, from, to, 'step'), {
              added: Math.max(15, due * times),
            }),
          ],
        },
      ]
    }
    default: {
      // overlap: a second code fails while the first does.
      const first = r.pick(BREAKABLE.slice(0, 10))
      const second = r.pick(BREAKABLE.slice(0, 10).filter((c) => c[0] !== first[0]))
      const to = span(r.whole(50, 90))
      const later = from + r.whole(20, 30)
      const until = span(to - from + r.whole(0, 40))
      const make = (c: [number, Source], a: number, b: number): Plan => ({
        kind: 'overlap',
        scope: scopeOf(c[0], '5xx', c[1], null),
        from: a,
        to: b,
        effects: [effect(minutes, c, all, intensity(r, minutes, a, b, 'step'), { part: r.spread(0.05, 0.3) })],
      })
      return until - later < 10 ? [] : [make(first, from, to), make(second, later, until)]
    }
  }
}

/** An export of an hour or a few: healthy at first, or amid an incident. */
function coldPlans(r: Random, minutes: number, hosts: number[], rate: number): Plan[] {
  const all = hosts.map((_, i) => i)
  const code = r.pick(BREAKABLE)
  const scope = scopeOf(code[0], classOf(code[0]), code[1], null)
  const part = r.spread(0.06, 0.8)
  const amid = r.chance(0.4)
  if (r.chance(0.3) || rate * part < 1) return []
  const from = amid ? 0 : r.whole(15, Math.floor(minutes * 0.6))
  const to = amid ? r.whole(8, Math.floor(minutes * 0.5)) : Math.min(minutes, from + r.whole(8, 60))
  return [
    {
      kind: amid ? 'begun' : 'cold',
      scope,
      from,
      to,
      effects: [effect(minutes, code, all, intensity(r, minutes, from, to, 'step'), { part })],
    },
  ]
}

/** What looks like trouble and is not, or not quite. */
function trapPlans(r: Random, minutes: number, hosts: number[], codes: Code[], visitors: Float64Array): Plan[] {
  const plans: Plan[] = []
  const days = minutes / DAY
  for (let n = r.poisson(0.3 * days); n > 0; n--) {
    // A flash crowd: visitors times 2 to 8, at once or within minutes, then slowly back.
    const from = r.whole(200, minutes - 60)
    const length = r.whole(10, 90)
    const times = r.between(2, 8)
    const rise = r.whole(0, 5)
    for (let i = from; i < Math.min(minutes, from + length); i++) {
      visitors[i] *=
        1 + (times - 1) * Math.min(1, (i - from + 1) / (rise + 1)) * Math.min(1, (from + length - i) / (0.4 * length))
    }
  }
  if (r.chance(0.25) && days >= 4) {
    // A job that fails every night. The first four nights nobody can know that.
    const at = r.whole(0, DAY - 60)
    const code = r.pick<[number, Source]>([
      [500, 'origin'],
      [404, 'origin'],
      [504, 'origin-failure'],
      [401, 'origin'],
    ])
    const length = r.whole(2, 20)
    const size = r.spread(20, 400)
    const every = r.chance(0.25) && days > 21 ? 7 : 1
    for (let d = 0, night = 0; d < days; d += every, night++) {
      const from = d * DAY + at + r.whole(-6, 6)
      if (from < 0 || from + length > minutes) continue
      const to = from + length
      const added = (size * r.between(0.7, 1.3)) / length
      plans.push({
        kind: 'job',
        scope: scopeOf(code[0], classOf(code[0]), code[1], null),
        from,
        to,
        effects: [effect(minutes, code, [0], intensity(r, minutes, from, to, 'step'), { added })],
        wanted: night < 4 ? 'either' : undefined,
      })
    }
  }
  if (r.chance(0.2)) {
    // A deploy moves a level for good: worth a word when it happens, or not.
    const from = r.whole(600, minutes - 60)
    const code = codes[0]
    const times = r.between(0.4, 2)
    const shape = intensity(r, minutes, from, minutes, 'step')
    plans.push({
      kind: 'deploy',
      scope: scopeOf(code.status, '4xx', code.source, null),
      from,
      to: minutes,
      effects: [
        effect(
          minutes,
          [code.status, code.source],
          hosts.map((_, i) => i),
          shape,
          { part: code.share * times },
        ),
      ],
      wanted: 'either',
    })
  }
  if (r.chance(0.35)) {
    const from = r.whole(300, minutes - 30)
    const to = Math.min(minutes, from + r.whole(10, 300))
    for (let i = from; i < to; i++) visitors[i] = 0
  }
  return plans
}

function realise(
  r: Random,
  seed: number,
  from: number,
  minutes: number,
  hosts: number[],
  codes: Code[],
  visitors: Float64Array,
  incidents: Plan[],
  traps: Plan[],
): Scenario {
  const site = new Float64Array(minutes)
  const hostTotals = hosts.map(() => new Float64Array(minutes))
  const requests = r.between(3, 60)
  for (let h = 0; h < hosts.length; h++) {
    for (let i = 0; i < minutes; i++) {
      hostTotals[h][i] =
        visitors[i] > 0 ? r.poisson((visitors[i] * hosts[h] * r.gamma(requests * 4)) / (requests * 4)) : 0
    }
  }
  const plans = [...incidents, ...traps]
  const due: Float64Array[][] = []
  const crawls: Plan[] = []
  const counts = codes.map((code) => {
    const perHost = hosts.map((share, h) => {
      const [mean, list, big] = ordinary(r, code, share, hostTotals[h], visitors, minutes)
      const where = hosts.length > 1 ? h : null
      const scope = scopeOf(code.status, classOf(code.status), code.source, where)
      for (const from of big) crawls.push({ kind: 'crawl', scope, from, to: from + 6, effects: [], wanted: 'either' })
      ;(due[h] ??= []).push(mean)
      return list
    })
    return perHost
  })
  const excess = plans.map(() => 0)
  plans.forEach((plan, n) => {
    for (const e of plan.effects) {
      const c = codes.findIndex((code) => code.status === e.status && code.source === e.source)
      for (const h of e.hosts) {
        for (let i = plan.from; i < plan.to; i++) {
          if (visitors[i] === 0) continue
          const added = r.poisson(e.added[i])
          const room = Math.max(0, hostTotals[h][i] - codes.reduce((sum, _, k) => sum + counts[k][h][i], 0))
          const turned = Math.min(room, r.poisson(e.part[i] * hostTotals[h][i]))
          counts[c][h][i] += added + turned
          hostTotals[h][i] += added
          excess[n] += added + turned
        }
      }
    }
  })
  for (const total of hostTotals) for (let i = 0; i < minutes; i++) site[i] += total[i]
  excess.push(...crawls.map(() => 0))
  const planted = [...plans, ...crawls].flatMap((plan, n): Planted[] => {
    if (plan.kind === 'job' && plan.wanted !== 'either') return []
    const seenOn = plan.scope.host === null ? hosts.map((_, h) => h) : (plan.effects[0]?.hosts ?? [])
    let background = 0
    for (const e of plan.effects) {
      const c = codes.findIndex((code) => code.status === e.status && code.source === e.source)
      for (const h of seenOn) for (let i = plan.from; i < plan.to; i++) background += due[h][c][i]
    }
    const code = codes.find((k) => k.status === plan.scope.status && k.source === plan.scope.source)
    const wobble = code ? 0.1 + code.wander / 2 : 0.1
    const visible = excess[n] / Math.sqrt(2 * background + (wobble * background) ** 2 + 4)
    const wanted =
      plan.wanted ?? (excess[n] < 20 || visible < 5.5 ? 'either' : excess[n] < 60 || visible < 10 ? 'weak' : 'find')
    return [
      {
        ...plan.scope,
        kind: plan.kind,
        start: from + plan.from * MINUTE,
        end: from + plan.to * MINUTE,
        excess: excess[n],
        visible,
        wanted,
      },
    ]
  })
  return {
    name: `seed ${seed}: ${hosts.length} hosts, ${(minutes / DAY).toFixed(1)} days`,
    seed,
    traffic: { from, minutes, totals: totalsOf(site, hostTotals), series: seriesOf(codes, counts, minutes) },
    planted,
  }
}

/** A crawler's burst of this size is worth a word, if one likes (an incident may be as small); smaller ones are noise. */
const BIG_BURST = 20

/** What a code does on a host when nothing is wrong: what is due, what comes, and when its big bursts are. */
function ordinary(
  r: Random,
  code: Code,
  share: number,
  total: Float64Array,
  visitors: Float64Array,
  minutes: number,
): [Float64Array, Float64Array, number[]] {
  const big: number[] = []
  const mean = new Float64Array(minutes)
  const list = new Float64Array(minutes)
  const own = share === 1 ? 1 : r.spread(0.4, 2.5)
  let drift = r.normal()
  const hold = Math.exp(-1 / 240)
  for (let i = 0; i < minutes; i++) {
    if (visitors[i] === 0) continue
    drift = drift * hold + Math.sqrt(1 - hold * hold) * r.normal()
    const rhythm = 1 + code.rhythm * Math.cos((2 * Math.PI * i) / DAY + code.phase)
    mean[i] =
      total[i] * Math.min(0.3, code.share * own * rhythm * Math.exp(code.wander * drift)) +
      (code.steady + code.strays / DAY) * share
    const shape = 1 / Math.max(1e-3, code.scatter * code.scatter)
    list[i] = mean[i] > 0 ? r.poisson(code.scatter > 0.05 ? (mean[i] * r.gamma(shape)) / shape : mean[i]) : 0
  }
  for (let n = r.poisson(((code.bursts * minutes) / DAY) * share); n > 0; n--) {
    const at = r.whole(0, minutes - 6)
    const size = code.burstSize <= 3 ? r.whole(2, 5) : Math.round(code.burstSize * Math.exp(0.5 * r.normal()))
    const length = r.whole(1, 5)
    if (size >= BIG_BURST) big.push(at)
    for (let k = 0; k < size; k++) {
      const i = at + r.whole(0, length - 1)
      if (visitors[i] > 0) list[i]++
    }
  }
  for (let i = 0; i < minutes; i++) if (list[i] > total[i]) total[i] = list[i]
  return [mean, list, big]
}

function totalsOf(site: Float64Array, perHost: Float64Array[]): Map<string | null, Float64Array> {
  const totals = new Map<string | null, Float64Array>([[null, site]])
  if (perHost.length > 1) perHost.forEach((total, h) => totals.set(hostName(h), total))
  return totals
}

function seriesOf(codes: Code[], counts: Float64Array[][], minutes: number): MinuteSeries[] {
  const series: MinuteSeries[] = []
  codes.forEach((code, c) => {
    const all = new Float64Array(minutes)
    counts[c].forEach((list, h) => {
      for (let i = 0; i < minutes; i++) all[i] += list[i]
      if (counts[c].length > 1 && list.some((x) => x > 0)) {
        series.push({ ...scopeOf(code.status, classOf(code.status), code.source, h), counts: list })
      }
    })
    if (all.some((x) => x > 0))
      series.push({ ...scopeOf(code.status, classOf(code.status), code.source, null), counts: all })
  })
  return series
}
