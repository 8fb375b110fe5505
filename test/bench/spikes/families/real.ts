import { edgeFailure, fixed, ruled, type Answer } from '../log-level-other.js'
import type { Random } from '../../../analyze/worlds/random.js'
import { noise } from './extras.js'
import { classOf, late, ofHost, outage, plainOutage, site, type Family } from './plans.js'
import { DAY, HOUR, ofOrigin, randomClient, type Client, type Hit, type Plan } from './site.js'

/**
 * What real sites go through without anybody having planned it as an incident: deploys, campaigns, bots, sockets. Each says what is
 * right: told (`find`), no matter (`either`), below a page (`note`), or nothing at all where there is no label.
 */
export const REAL: { [name: string]: Family } = {
  'real: deploys'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(20, 120) })
    noise(r, plan)
    // an instance restarts: for some seconds the balancer has nobody to ask
    for (let n = r.whole(6, 16); n > 0; n--) {
      const minute = r.whole(0, plan.minutes - 120)
      const seconds = r.whole(3, 6)
      plan.troubles.push({
        from: minute,
        to: minute + 1,
        hits: ({ at }) => at % 60_000 < seconds * 1_000,
        part: () => r.between(0.7, 1),
        answer: edgeFailure(502, (rr) => rr.whole(1, 40)),
      })
      plan.labels.push({ from: minute, to: minute + 1, status: 502, statusClass: '5xx', told: 'note', scope: {} })
    }
    plainOutage(r, plan, late(r, plan, 40), r.whole(8, 40), r.spread(60, 400))
    return plan
  },
  'real: maintenance'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(8, 80) })
    noise(r, plan)
    outage(plan, DAY + r.whole(8, 23) * HOUR, r.whole(12, 90), { part: 1, status: 503, answer: ofOrigin(503) })
    return plan
  },
  'real: monitors that are refused'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(3, 40) })
    noise(r, plan)
    const watchers = Array.from({ length: r.whole(2, 9) }, () => randomClient(r, 'Blackbox Exporter/0.27'))
    const begins = r.chance(0.5) ? 0 : r.whole(DAY, 2 * DAY)
    const answer = ofOrigin(r.pick([401, 401, 403, 404]))
    byTheMinute(
      plan,
      begins,
      plan.minutes,
      () => watchers.length,
      (rr, n) => ({
        path: '/api/status',
        client: watchers[n % watchers.length],
        answer: answer(rr),
      }),
    )
    if (begins > 0) note(plan, begins, plan.minutes)
    return plan
  },
  'real: a purge of the cache'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(40, 200) })
    noise(r, plan)
    const [from, minutes] = [late(r, plan, 40), r.whole(5, 15)]
    const part = r.between(0.2, 0.6)
    // the wave ebbs as the cache fills
    outage(plan, from, minutes, {
      part: (minute) => part * (1 - (0.6 * (minute - from)) / minutes),
      status: 503,
      answer: ofOrigin(503),
    })
    // the origin is slow meanwhile, which may be said as well
    plan.slow = (_, minute) => (minute >= from && minute < from + minutes ? 6 : 1)
    plan.labels.push({ from, to: from + minutes, status: null, statusClass: 'slow', told: 'either', scope: {} })
    return plan
  },
  'real: a campaign'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(8, 80) })
    noise(r, plan)
    const [from, minutes, times] = [late(r, plan, 240), r.whole(40, 200), r.between(2, 9)]
    plan.times = (minute) => (minute >= from && minute < from + minutes ? 1 + times * hump(minute - from, minutes) : 1)
    return plan
  },
  'real: a campaign with a dead link'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(8, 80) })
    noise(r, plan)
    const [from, minutes] = [late(r, plan, 240), r.whole(40, 200)]
    const each = plan.rate * r.between(0.3, 1.5)
    byTheMinute(
      plan,
      from,
      from + minutes,
      (rr) => rr.poisson(each * hump(plan.rate, 2 * plan.rate)),
      (rr) => ({
        path: '/spring-sale',
        client: randomClient(rr),
        answer: ofOrigin(404)(rr),
      }),
    )
    plan.labels.push({
      from,
      to: from + minutes,
      status: 404,
      statusClass: '4xx',
      told: 'find',
      scope: { path: '/spring-sale' },
    })
    return plan
  },
  'real: a botnet at the login'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(8, 80) })
    noise(r, plan)
    const [from, minutes] = [late(r, plan, 200), r.whole(20, 150)]
    const bots = Array.from({ length: r.whole(300, 2_500) }, () =>
      randomClient(r, 'Mozilla/5.0 (Windows NT 10.0) Chrome/109.0'),
    )
    const each = r.between(0.5, 2) * Math.max(20, plan.rate)
    const answer = r.chance(0.6) ? ofOrigin(401) : ruled(403, 'firewallCustom', 'block', 'login-rule')
    const { status } = answer(r)
    byTheMinute(
      plan,
      from,
      from + minutes,
      (rr) => rr.poisson(each),
      (rr) => ({
        path: '/login',
        method: 'POST',
        client: rr.pick(bots),
        answer: answer(rr),
      }),
    )
    plan.labels.push({ from, to: from + minutes, status, statusClass: '4xx', told: 'find', scope: { path: '/login' } })
    return plan
  },
  'real: a rollout by country'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(25, 120) })
    noise(r, plan)
    const country = r.pick(['GB', 'JP', 'BR', 'IN'])
    const from = late(r, plan, 300)
    outage(plan, from, r.whole(30, 240), {
      part: r.between(0.4, 1),
      status: 500,
      answer: ofOrigin(500),
      scope: { country },
    })
    return plan
  },
  'real: a change of DNS'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(15, 90) }, r.pick([2, 4]))
    noise(r, plan)
    const [from, minutes, grows] = [late(r, plan, 400), r.whole(60, 360), r.whole(5, 40)]
    outage(plan, from, minutes, {
      part: (minute) => Math.min(1, (minute - from + 1) / grows),
      status: 530,
      answer: edgeFailure(530, (rr) => rr.whole(2, 60)),
      scope: ofHost(plan, plan.hosts[1].name),
    })
    return plan
  },
  'real: a certificate runs out at midnight'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(8, 80) }, r.pick([1, 2, 4]))
    noise(r, plan)
    outage(plan, DAY, r.whole(5, 10) * HOUR, {
      part: 1,
      status: 526,
      answer: edgeFailure(526, (rr) => rr.whole(5, 80)),
      scope: ofHost(plan, plan.hosts.at(-1)!.name),
    })
    return plan
  },
  'real: sockets'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(15, 80) })
    noise(r, plan)
    const wait = (rr: Random) => rr.whole(5_000, 900_000)
    const opened = fixed({ status: 101, origin: 101, source: 'origin', wait })
    const left = fixed({ status: 499, origin: 0, source: 'client', wait })
    byTheMinute(
      plan,
      0,
      plan.minutes,
      (rr) => rr.poisson(plan.rate / 5),
      (rr) => ({
        path: '/ws',
        client: randomClient(rr),
        answer: rr.chance(0.7) ? opened() : left(),
      }),
    )
    // a server behind the balancer restarts: all its sockets close at once
    for (let n = r.whole(1, 4); n > 0; n--) {
      const at = r.whole(0, plan.minutes - 30)
      byTheMinute(
        plan,
        at,
        at + 1,
        () => r.whole(30, 300),
        (rr) => ({
          path: '/ws',
          client: randomClient(rr),
          answer: left(),
        }),
      )
      plan.labels.push({ from: at, to: at + 1, status: 499, statusClass: '499', told: 'either', scope: {} })
    }
    return plan
  },
  'real: a preflight that is refused'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(15, 90) })
    noise(r, plan)
    const [from, minutes] = [late(r, plan, 300), r.whole(30, 240)]
    byTheMinute(
      plan,
      from,
      from + minutes,
      (rr) => rr.poisson(plan.rate * 0.25),
      (rr) => ({
        path: '/api/items',
        method: 'OPTIONS',
        client: randomClient(rr),
        answer: ofOrigin(405)(rr),
      }),
    )
    plan.labels.push({ from, to: from + minutes, status: 405, statusClass: '4xx', told: 'find', scope: {} })
    return plan
  },
  'real: a picture that others link'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(8, 60) })
    noise(r, plan)
    const [from, minutes] = [late(r, plan, 700), r.whole(120, 600)]
    const each = plan.rate * r.between(0.05, 0.5)
    byTheMinute(
      plan,
      from,
      from + minutes,
      (rr) => rr.poisson(each),
      (rr) => ({
        path: '/img/2019/logo-old.png',
        client: randomClient(rr),
        answer: ofOrigin(404)(rr),
      }),
    )
    note(plan, from, from + minutes, 404)
    return plan
  },
  'real: search engines at night'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(4, 40), rhythm: 0.9 })
    noise(r, plan, { scans: false })
    const bots = Array.from({ length: r.whole(10, 60) }, () => ({
      ...randomClient(r, 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'),
      asn: 8075,
    }))
    for (let day = 0; day < 3; day++) {
      const from = day * DAY + r.whole(30, 200)
      const to = from + r.whole(60, 240)
      byTheMinute(
        plan,
        from,
        to,
        (rr) => rr.poisson(r.between(4, 20)),
        (rr) => ({
          path: `/archive/${rr.whole(1, 9_000)}`,
          client: rr.pick(bots),
          answer: rr.chance(0.5) ? ofOrigin(404)(rr) : ofOrigin(200)(rr),
        }),
      )
      note(plan, from, to)
    }
    return plan
  },
}

/** Half a sine: slowly up, slowly down; 0–1. */
const hump = (at: number, of: number) => Math.sin((Math.PI * Math.min(at, of)) / of)

/** What is told of it is no mistake unless it pages. */
function note(plan: Plan, from: number, to: number, status: number | null = null): void {
  plan.labels.push({
    from,
    to,
    status,
    statusClass: status === null ? '4xx' : classOf(status),
    told: 'note',
    scope: {},
  })
}

/** Requests of others in each minute, on the first host. */
function byTheMinute(
  plan: Plan,
  from: number,
  to: number,
  many: (r: Random) => number,
  make: (r: Random, n: number) => { path: string; method?: string; client: Client; answer: Answer },
): void {
  plan.extras.push((minute, r, at): Hit[] =>
    minute < from || minute >= to
      ? []
      : Array.from({ length: many(r) }, (_, n) => ({
          at: at(),
          host: plan.hosts[0].name,
          method: 'GET',
          ...make(r, n),
        })),
  )
}
