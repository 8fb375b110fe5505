import type { Answer } from '../log-level-other.js'
import { edgeFailure, ruled } from '../log-level-other.js'
import type { Random } from '../../../analyze/worlds/random.js'
import { DAY, ofOrigin, randomClient, type Client, type Hit, type Plan, type PlannedLabel } from './site.js'

/** Requests of others than visitors: scanners, loops, jobs, crawlers. Each puts itself into a plan. */

const SCANNED = ['/wp-login.php', '/.env', '/.git/config', '/phpmyadmin/', '/admin.php', '/backup.zip', '/xmlrpc.php']
const TOOLS = ['python-requests/2.32', 'Go-http-client/1.1', 'curl/8.5.0', 'Mozilla/5.0 zgrab/0.x', 'Nuclei/3.2']

function add(
  plan: Plan,
  from: number,
  to: number,
  perMinute: (minute: number) => number,
  make: (r: Random) => Omit<Hit, 'at'>,
): void {
  plan.extras.push((minute, r, at) =>
    minute < from || minute >= to
      ? []
      : Array.from({ length: r.poisson(perMinute(minute)) }, () => ({ at: at(), ...make(r) })),
  )
}

/** One address that tries what is not there. `labelled`: a note of it is no mistake. */
export function scanner(
  r: Random,
  plan: Plan,
  from: number,
  minutes: number,
  requests: number,
  status = r.pick([404, 404, 403]),
): Client {
  const client = randomClient(r, r.pick(TOOLS))
  const host = r.pick(plan.hosts).name
  const answer = status === 403 ? ruled(403, 'firewallManaged', 'block', 'scan-rule') : ofOrigin(404)
  add(
    plan,
    from,
    from + minutes,
    () => requests / minutes,
    (rr) => ({
      host,
      path: rr.chance(0.5) ? rr.pick(SCANNED) : `/${rr.whole(1, 9e6).toString(36)}.php`,
      method: 'GET',
      client,
      answer: answer(rr),
    }),
  )
  plan.labels.push({ from, to: from + minutes, statusClass: '4xx', status: null, told: 'note', client: client.ip })
  return client
}

/** One client that tries again and again for a minute and a half. Nobody needs to hear of it: no label. */
export function retryLoop(r: Random, plan: Plan, from: number, requests: number, client: Client, status = 503): void {
  const host = r.pick(plan.hosts).name
  const path = r.pick(plan.paths)
  add(
    plan,
    from,
    from + 2,
    () => requests / 2,
    () => ({ host, path, method: 'POST', client, answer: ofOrigin(status)(r) }),
  )
}

/** A search engine with a handful of addresses that asks for old pages, in waves. */
export function crawler(r: Random, plan: Plan, share: number): void {
  const clients = Array.from({ length: r.whole(4, 14) }, () => {
    const client = randomClient(r, 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)')
    return { ...client, ip: `66.249.${r.whole(64, 79)}.${r.whole(1, 254)}`, asn: 15169 }
  })
  const host = r.pick(plan.hosts).name
  const period = r.whole(200, 900)
  const part = r.between(0.1, 0.5)
  const times = r.between(1, 4)
  add(
    plan,
    0,
    plan.minutes,
    (minute) => plan.rate * share * (minute % period < part * period ? times : 0.3),
    (rr) => ({
      host,
      path: `/old/${rr.whole(1, 5_000)}`,
      method: 'GET',
      client: rr.pick(clients),
      answer: rr.chance(0.4) ? ofOrigin(404)(rr) : ofOrigin(200)(rr),
    }),
  )
}

/** A job that calls one path at the same minute of each period and fails. */
export function failingJob(
  r: Random,
  plan: Plan,
  {
    at,
    period,
    requests,
    status,
    clients,
    jitter,
  }: { at: number; period: number; requests: number; status: number; clients: number; jitter: number },
): PlannedLabel {
  const host = r.pick(plan.hosts).name
  const path = '/internal/export'
  const who = Array.from({ length: clients }, () => randomClient(r, 'backup-job/1.3'))
  const lasts = r.whole(1, 3)
  for (let from = at; from < plan.minutes; from += period) {
    const start = from + r.whole(0, jitter)
    add(
      plan,
      start,
      start + lasts,
      () => requests / lasts,
      (rr) => ({
        host,
        path,
        method: 'POST',
        client: rr.pick(who),
        answer: ofOrigin(status)(rr),
      }),
    )
  }
  return { from: at, to: plan.minutes, statusClass: '5xx', status, told: 'once', scope: {} }
}

export function monitor(r: Random, plan: Plan): void {
  const client = randomClient(r, 'UptimeCheck/1.0')
  const host = r.pick(plan.hosts).name
  add(
    plan,
    0,
    plan.minutes,
    () => 1,
    (rr) => ({ host, path: '/healthz', method: 'GET', client, answer: ofOrigin(200)(rr) }),
  )
}

/** What every site has, more or less of it. */
export function noise(r: Random, plan: Plan, { scans = true } = {}): void {
  if (r.chance(0.6)) crawler(r, plan, r.between(0.01, 0.08))
  if (r.chance(0.6)) monitor(r, plan)
  if (!scans) return
  const perDay = r.pick([0, 0, 1, 2, 4])
  for (let n = r.poisson((perDay * plan.minutes) / DAY); n > 0; n--)
    scanner(r, plan, r.whole(0, Math.max(1, plan.minutes - 20)), r.whole(2, 15), Math.round(r.spread(20, 400)))
}

/** Troubles of visitors, with the status that they bring. */
export const FAILURES: [number, (r: Random) => Answer][] = [
  [500, ofOrigin(500)],
  [502, edgeFailure(502, (r) => r.whole(5, 300))],
  [503, ofOrigin(503)],
  [504, edgeFailure(504, (r) => r.whole(60_000, 61_000))],
  [521, edgeFailure(521, (r) => r.whole(2, 30))],
  [522, edgeFailure(522, (r) => r.whole(19_000, 35_000))],
  [524, edgeFailure(524, (r) => r.whole(100_000, 125_000))],
]
