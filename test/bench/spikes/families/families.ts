import { ruled, type Answer } from '../log-level-other.js'
import { seeded, type Random } from '../../../analyze/worlds/random.js'
import type { Corpus } from './corpus.js'
import { FAILURES, failingJob, noise, retryLoop, scanner } from './extras.js'
import { classOf, inScope, late, ofHost, outage, PATHS, plainOutage, site, type Family } from './plans.js'
import { REAL } from './real.js'
import { DAY, HOUR, linesOf, MINUTE, ofOrigin, randomClient, type Plan } from './site.js'

/**
 * The families: each a kind of days that detectors are bad at, or have to stay good at. Every figure is drawn widely, so
 * that nothing can be fitted to one shape.
 */
export const FAMILIES: { [name: string]: Family } = {
  'one client: retry loops'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(6, 40) })
    noise(r, plan, { scans: false })
    const regular = randomClient(r, 'partner-sync/2.0')
    const status = r.pick([503, 500, 502, 503])
    for (let n = r.whole(9, 24); n > 0; n--)
      retryLoop(
        r,
        plan,
        r.whole(0, plan.minutes - 3),
        r.whole(5, 22),
        r.chance(0.5) ? regular : randomClient(r),
        status,
      )
    plainOutage(r, plan, late(r, plan, 40), r.whole(8, 40), r.spread(60, 400))
    return plan
  },
  'one client: scanners'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(3, 40) })
    noise(r, plan, { scans: false })
    for (let n = r.whole(5, 15); n > 0; n--)
      scanner(r, plan, r.whole(0, plan.minutes - 60), r.whole(1, 45), Math.round(r.spread(15, 900)))
    plainOutage(r, plan, late(r, plan, 40), r.whole(8, 40), r.spread(60, 400))
    return plan
  },
  'one client: attack'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(5, 40) })
    noise(r, plan)
    const client = randomClient(r, r.pick(['python-requests/2.32', 'Mozilla/5.0', 'hydra']))
    const from = late(r, plan, 180)
    const minutes = r.whole(10, 150)
    const requests = Math.round(r.spread(3_000, 20_000))
    const host = plan.hosts[0].name
    const codes: ((rr: Random) => Answer)[] = [
      ofOrigin(404),
      ofOrigin(401),
      ruled(403, 'firewallManaged', 'block', 'atk'),
      ofOrigin(500),
      ruled(429, 'l7ddos', 'block', 'limit'),
    ]
    const [main, ...others] = [...codes].sort(() => r.next() - 0.5)
    plan.extras.push((minute, rr, at) =>
      minute < from || minute >= from + minutes
        ? []
        : Array.from({ length: rr.poisson(requests / minutes) }, () => ({
            at: at(),
            host,
            path: rr.chance(0.4) ? '/login' : `/${rr.whole(1, 1e6).toString(36)}`,
            method: 'POST',
            client,
            answer: (rr.chance(0.75) ? main : rr.pick(others.slice(0, 2)))(rr),
          })),
    )
    plan.labels.push({
      from,
      to: from + minutes,
      statusClass: classOf(main(r).status),
      status: null,
      told: 'find',
      client: client.ip,
    })
    plan.labels.push({ from, to: from + minutes, statusClass: '4xx', status: null, told: 'note', client: client.ip })
    plan.labels.push({ from, to: from + minutes, statusClass: '5xx', status: null, told: 'note', client: client.ip })
    return plan
  },
  'visitors hidden by a scan'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(25, 120) })
    noise(r, plan)
    for (let n = r.whole(3, 8); n > 0; n--)
      scanner(r, plan, r.whole(0, plan.minutes - 300), r.whole(20, 240), Math.round(r.spread(400, 6_000)), 404)
    const from = late(r, plan, 60)
    const minutes = r.whole(6, 9)
    if (r.chance(0.7)) scanner(r, plan, from - r.whole(0, 40), r.whole(60, 120), Math.round(r.spread(800, 4_000)), 404)
    const waf = r.chance(0.4)
    const failures = r.whole(70, 160)
    outage(plan, from, minutes, {
      part: Math.min(0.9, failures / (plan.rate * (1 - plan.rhythm / 2) * minutes)),
      status: waf ? 403 : 404,
      answer: waf ? ruled(403, 'firewallManaged', 'block', 'new-rule') : ofOrigin(404),
    })
    return plan
  },
  'job: hourly'(r) {
    const plan = site(r, { minutes: r.whole(2, 3) * DAY, rate: r.spread(4, 40) })
    noise(r, plan, { scans: false })
    plan.labels.push(
      failingJob(r, plan, {
        at: r.whole(0, 59),
        period: 60,
        requests: r.whole(12, 20),
        status: r.pick([500, 500, 502, 503]),
        clients: r.pick([1, 1, 2]),
        jitter: r.pick([0, 0, 2]),
      }),
    )
    return plan
  },
  'job: nightly'(r) {
    const plan = site(r, { minutes: r.whole(6, 8) * DAY, rate: r.spread(3, 14) })
    noise(r, plan, { scans: false })
    plan.labels.push(
      failingJob(r, plan, {
        at: r.whole(60, 300),
        period: DAY,
        requests: r.whole(30, 200),
        status: r.pick([500, 503]),
        clients: r.pick([1, 1, 3]),
        jitter: r.pick([0, 5]),
      }),
    )
    return plan
  },
  'the same outage each noon'(r) {
    const plan = site(r, { minutes: 7 * DAY, rate: r.spread(6, 22) })
    noise(r, plan)
    const [status, answer] = r.pick(FAILURES)
    const hour = r.whole(8, 19)
    for (let day = 0; day < 7; day++)
      outage(plan, day * DAY + hour * HOUR + r.whole(0, 4), r.whole(10, 30), {
        part: r.between(0.4, 0.95),
        status,
        answer,
      })
    return plan
  },
  'long: days'(r) {
    const plan = site(r, { minutes: 5 * DAY, rate: r.spread(4, 25) })
    noise(r, plan)
    const [status, answer] = r.pick(FAILURES)
    outage(plan, r.whole(DAY, Math.round(1.7 * DAY)), r.whole(30, 70) * HOUR, {
      part: r.between(0.1, 0.9),
      status,
      answer,
    })
    return plan
  },
  'tiny: everything fails'(r) {
    const due = r.between(3, 6) / HOUR
    const plan = site(r, { minutes: r.whole(6, 12) * DAY, rate: 1, due: () => due }, 1)
    const [status, answer] = r.pick(FAILURES)
    const from = r.whole(2 * DAY, 4 * DAY)
    outage(plan, from, r.chance(0.5) ? plan.minutes - from : r.whole(20, 60) * HOUR, {
      part: r.between(0.9, 1),
      status,
      answer,
    })
    return plan
  },
  'tiny: the front page fails for weeks'(r) {
    const plan = site(r, { minutes: r.whole(12, 20) * DAY, rate: r.between(0.8, 3), rhythm: 0.4 }, 1)
    noise(r, plan)
    plan.paths = ['/news', '/news/1', '/about', '/', '/img/a.png', '/img/b.png', '/css/site.css', '/feed']
    const from = r.whole(3 * DAY, 6 * DAY)
    outage(plan, from, plan.minutes - from, { part: 0.97, status: 500, answer: ofOrigin(500), scope: { path: '/' } })
    return plan
  },
  'a site that sleeps'(r) {
    const plan = site(r, { minutes: r.whole(6, 9) * DAY, rate: 1, due: () => r.pick([0, 0, 0, 0, 0, 0, 0.3, 0.2]) }, 1)
    for (let n = r.whole(8, 16); n > 0; n--) {
      const client = randomClient(r)
      const at = r.whole(0, plan.minutes - 5)
      retryLoop(r, plan, at, r.whole(1, 3), client, r.pick([500, 503]))
    }
    for (let n = r.whole(4, 9); n > 0; n--)
      scanner(r, plan, r.whole(0, plan.minutes - 20), r.whole(1, 6), Math.round(r.spread(8, 60)), 404)
    const from = late(r, plan, 90)
    const minutes = r.whole(15, 60)
    const path = r.pick(PATHS)
    const total = r.whole(30, 90)
    plan.extras.push((minute, rr, at) =>
      minute < from || minute >= from + minutes
        ? []
        : Array.from({ length: rr.poisson(total / minutes) }, () => ({
            at: at(),
            host: plan.hosts[0].name,
            path,
            method: 'GET',
            client: randomClient(rr),
            answer: ofOrigin(503)(rr),
          })),
    )
    plan.labels.push({ from, to: from + minutes, status: 503, statusClass: '5xx', told: 'find', scope: {} })
    return plan
  },
  'drowned: one path'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(30, 110) })
    noise(r, plan)
    plan.usual[0].share = r.between(0.04, 0.12)
    const path = r.pick(['/checkout', '/account', '/api/items', '/login'])
    outage(plan, late(r, plan, 240), r.whole(90, 220), {
      part: r.between(0.95, 1),
      status: 404,
      answer: ofOrigin(404),
      scope: { path },
    })
    return plan
  },
  'drowned: one country'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(30, 110) })
    noise(r, plan)
    plan.usual[1].share = r.between(0.03, 0.1)
    const country = r.pick(['PL', 'AU', 'ZA', 'BR', 'IN', 'JP'])
    outage(plan, late(r, plan, 240), r.whole(60, 220), {
      part: r.between(0.95, 1),
      status: 403,
      answer: ruled(403, 'country', 'block', ''),
      scope: { country },
    })
    return plan
  },
  'drowned: a feed'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(25, 80) })
    noise(r, plan)
    plan.usual[0].share = r.between(0.04, 0.12)
    plan.paths = [...PATHS, '/feed.xml']
    const gone = r.pick([404, 410])
    const from = late(r, plan, 600)
    outage(plan, from, r.whole(180, 500), {
      part: 1,
      status: gone,
      answer: ofOrigin(gone),
      scope: { path: '/feed.xml' },
    })
    return plan
  },
  'drowned: one network'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(30, 110) })
    noise(r, plan)
    plan.usual[1].share = r.between(0.03, 0.1)
    outage(plan, late(r, plan, 240), r.whole(60, 220), {
      part: r.between(0.9, 1),
      status: 403,
      answer: ruled(403, 'asn', 'block', ''),
      // networks of countries that have others
      scope: { asn: r.pick(['6805', '3320', '7018']) },
    })
    // here a network is a data centre as well, which names it as truly
    plan.labels.at(-1)!.scope = {}
    return plan
  },
  'drowned: an app version'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(30, 110) })
    noise(r, plan)
    plan.usual[0].share = r.between(0.04, 0.12)
    const agent = 'ShopApp/4.3 (Android 15) okhttp/5.1.0'
    const status = r.pick([400, 404, 426])
    const [from, minutes, each] = [late(r, plan, 240), r.whole(60, 220), plan.rate * r.between(0.02, 0.06)]
    const users = Array.from({ length: r.whole(30, 120) }, () => randomClient(r, agent))
    plan.extras.push((minute, rr, at) =>
      Array.from({ length: rr.poisson(each) }, () => ({
        at: at(),
        host: plan.hosts[0].name,
        path: '/api/items',
        method: 'GET',
        client: rr.pick(users),
        answer: minute >= from && minute < from + minutes ? ofOrigin(status)(rr) : ofOrigin(200)(rr),
      })),
    )
    plan.labels.push({
      from,
      to: from + minutes,
      status,
      statusClass: '4xx',
      told: 'find',
      scope: { userAgent: agent },
    })
    return plan
  },
  'one code, two causes'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(40, 110) }, 3)
    noise(r, plan)
    const from = late(r, plan, 200)
    const [one, two] = [r.whole(15, 50), r.whole(15, 50)]
    const second = from + r.pick([one + r.whole(3, 14), r.whole(8, 14), one - 2])
    if (r.chance(0.5)) {
      outage(plan, from, one, {
        part: r.between(0.3, 0.9),
        status: 403,
        answer: ruled(403, 'firewallManaged', 'block', 'rule-one'),
        scope: { path: '/login' },
      })
      outage(plan, second, two, {
        part: r.between(0.5, 0.9),
        status: 403,
        answer: ruled(403, 'firewallCustom', 'block', 'rule-two'),
        scope: { path: '/search' },
      })
      plan.labels.at(-2)!.scope = { path: '/login', securityRuleId: 'rule-one' }
      plan.labels.at(-1)!.scope = { path: '/search', securityRuleId: 'rule-two' }
    } else {
      const [status, answer] = r.pick(FAILURES)
      outage(plan, from, one, { part: r.between(0.2, 0.8), status, answer, scope: { host: plan.hosts[1].name } })
      outage(plan, second, two, { part: r.between(0.2, 0.8), status, answer, scope: { host: plan.hosts[2].name } })
    }
    return plan
  },
  'many hosts: one surge over 60'(r) {
    return manyHosts(r, 60)
  },
  'many hosts: one surge over 200'(r) {
    return manyHosts(r, 200)
  },
  'many hosts: one surge over 2,000'(r) {
    return manyHosts(r, 2_000)
  },
  'many hosts: the 41st fails'(r) {
    const count = r.whole(55, 300)
    const plan = site(r, { minutes: 20 * HOUR, rate: r.spread(90, 220) }, count)
    plan.hosts = plan.hosts.map(({ name }, i) => ({ name, weight: 1 / (i + 4) }))
    noise(r, plan)
    const host = plan.hosts[r.whole(41, 54)].name
    const [status, answer] = r.pick(FAILURES)
    outage(plan, late(r, plan, 200), r.whole(60, 180), { part: 1, status, answer, scope: { host } })
    return plan
  },
  'faint: 1 % for hours'(r) {
    const plan = site(r, { minutes: 20 * HOUR, rate: r.spread(90, 250), rhythm: 0.3 }, 2)
    noise(r, plan)
    plan.usual[3].share = r.spread(0.0001, 0.0008)
    const [status, answer] = r.pick(FAILURES)
    outage(plan, r.whole(9 * HOUR, 14 * HOUR), r.whole(3, 5) * HOUR, {
      part: r.between(0.01, 0.016),
      status,
      answer,
      scope: { host: plan.hosts[0].name },
    })
    return plan
  },
  'thin: 404s over hours'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(25, 90) })
    noise(r, plan)
    plan.usual[0].share = r.between(0.008, 0.02)
    const base = plan.usual[0].share
    const prefix = r.chance(0.5)
    outage(plan, late(r, plan, 480), r.whole(180, 400), {
      part: prefix ? Math.min(1, base * r.between(8, 14)) : base * r.between(1.3, 2.2),
      status: 404,
      answer: ofOrigin(404),
      scope: prefix ? { path: '/products/7' } : {},
    })
    return plan
  },
  'a new level'(r) {
    const plan = site(r, { minutes: 3 * DAY, rate: r.spread(20, 70) })
    noise(r, plan)
    const from = r.whole(DAY, Math.round(1.7 * DAY))
    if (r.chance(0.5)) {
      const base = plan.usual[0].share
      outage(plan, from, plan.minutes - from, {
        part: Math.min(0.3, Math.max(0.03, base * r.between(2, 5))),
        status: 404,
        answer: ofOrigin(404),
      })
    } else {
      const [status, answer] = r.pick(FAILURES)
      outage(plan, from, plan.minutes - from, { part: r.between(0.02, 0.12), status, answer })
    }
    return plan
  },
  'a new level at low traffic'(r) {
    const plan = site(r, { minutes: 5 * DAY, rate: r.spread(2, 8) })
    noise(r, plan)
    const from = r.whole(2 * DAY, Math.round(3.2 * DAY))
    const [status, answer] = r.pick(FAILURES)
    outage(plan, from, plan.minutes - from, { part: r.between(0.05, 0.2), status, answer })
    return plan
  },
  'a fortnight'(r) {
    const plan = site(r, { minutes: 14 * DAY, rate: r.spread(4, 12), weekend: r.between(0.3, 0.7) })
    noise(r, plan)
    for (let n = 0; n < 3; n++)
      plainOutage(
        r,
        plan,
        Math.round((0.25 + 0.22 * n) * plan.minutes) + r.whole(0, DAY),
        r.whole(8, 180),
        r.spread(40, 300),
      )
    return plan
  },
  'an export that is all incident'(r) {
    const seconds = r.chance(0.5)
    const plan = site(r, {
      minutes: seconds ? 1 : r.whole(8, 35),
      rate: seconds ? r.spread(300, 2_000) : r.spread(15, 90),
      rhythm: 0,
      seconds: seconds ? r.whole(3, 40) : 60,
    })
    const [status, answer] = r.pick<[number, (rr: Random) => Answer]>([
      [499, () => ({ status: 499, origin: 0, wait: (rr) => rr.whole(2_000, 30_000), source: 'client' })],
      [404, ofOrigin(404)],
      [503, ofOrigin(503)],
      [403, ruled(403, 'firewallManaged', 'block', 'new-rule')],
    ])
    outage(plan, 0, plan.minutes, { part: seconds ? r.between(0.6, 0.95) : r.between(0.25, 0.5), status, answer })
    return plan
  },
  'slow while all is 200'(r) {
    const plan = site(r, { minutes: 30 * HOUR, rate: r.spread(25, 90) }, 2)
    noise(r, plan)
    const from = late(r, plan, 200)
    const minutes = r.whole(20, 120)
    const scope: { [name: string]: string } = r.pick<{ [name: string]: string }>([
      { colo: r.pick(['FRA', 'CDG', 'LHR']) },
      { host: plan.hosts[0].name },
      { path: r.pick(['/search', '/cart']) },
    ])
    const times = r.spread(4, 60)
    plan.slow = (hit, minute) => (minute >= from && minute < from + minutes && inScope(scope, hit) ? times : 1)
    plan.labels.push({ from, to: from + minutes, statusClass: 'slow', told: 'find', scope })
    return plan
  },
  'classic'(r) {
    const plan = site(r, { minutes: 2 * DAY, rate: r.spread(10, 110) })
    noise(r, plan)
    const at = [0.3, 0.55, 0.8].map((part) => Math.round(part * plan.minutes))
    plainOutage(r, plan, at[0], r.whole(4, 90), r.spread(60, 2_000))
    const [status, answer] = r.pick(FAILURES)
    const ramp = r.whole(40, 150)
    outage(plan, at[1], ramp, {
      part: (minute) => ((minute - at[1]) / ramp) * 0.5,
      status,
      answer,
      scope: ofHost(plan, plan.hosts[0].name),
    })
    const host = r.pick(plan.hosts).name
    outage(plan, at[2], r.whole(10, 60), {
      part: r.between(0.3, 0.9),
      status: 403,
      answer: ruled(403, 'firewallManaged', 'block', 'false-positive'),
      scope: { ...ofHost(plan, host), path: r.pick(['/login', '/search', '/cart']) },
    })
    return plan
  },
  'quiet days'(r) {
    const plan = site(r, { minutes: 4 * DAY, rate: r.spread(5, 60) })
    noise(r, plan)
    const crowds = Array.from({ length: r.whole(1, 4) }, () => ({
      at: r.whole(0, plan.minutes - 60),
      minutes: r.whole(15, 120),
      times: r.between(2, 7),
    }))
    plan.times = (minute) =>
      crowds.reduce(
        (times, crowd) => (minute >= crowd.at && minute < crowd.at + crowd.minutes ? times * crowd.times : times),
        1,
      )
    return plan
  },
  ...REAL,
}

function manyHosts(r: Random, count: number): Plan {
  const plan = site(r, { minutes: 12 * HOUR, rate: r.spread(80, 240) }, count)
  plan.hosts = plan.hosts.map(({ name }, i) => ({ name, weight: 1 / (i + 4) ** r.between(0, 1) }))
  noise(r, plan)
  const [status, answer] = r.pick(FAILURES)
  outage(plan, late(r, plan, 120), r.whole(8, 60), { part: r.between(0.2, 0.9), status, answer })
  return plan
}

/** One corpus of a family. */
export function corpusOf(family: string, seed: number): Corpus {
  const r = seeded(seed * 6_271 + [...family].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 100_003, 7))
  const from = Date.UTC(2026, r.whole(0, 11), r.whole(1, 28), /the same|midnight/.test(family) ? 0 : r.whole(0, 23))
  const plan = FAMILIES[family](r)
  const iso = (minute: number) => new Date(from + minute * MINUTE).toISOString()
  const end =
    plan.seconds === undefined
      ? (minute: number) => minute
      : (minute: number) => minute - 1 + (plan.seconds as number) / 60
  return {
    name: `${family} ${seed}`,
    labels: () => ({
      family,
      incidents: plan.labels.map(({ from: planned, to, delayFrom, first, last, ...label }, i) => ({
        id: String(i + 1),
        start: first === undefined ? iso(planned) : new Date(first).toISOString(),
        end: last === undefined ? iso(end(to)) : new Date(last + 1).toISOString(),
        ...(delayFrom === undefined ? {} : { delayFrom: iso(delayFrom) }),
        ...label,
      })),
    }),
    chunks: () => linesOf(plan, r, from),
  }
}
