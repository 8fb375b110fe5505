import type { IncidentSpec } from './spec.js'
import { binomial, poisson } from './random.js'
import type { Random } from './random.js'
import type { Host, World } from './world/world.js'
import { dayMs } from './time.js'

/** The stray bursts of a healthy site: per host about two a day, 2 to 7 errors of one code within two minutes. */
export function strayBursts(
  random: Random,
  world: World,
  ratePerMinute: number,
  fromMs: number,
  toMs: number,
): IncidentSpec[] {
  const bursts: IncidentSpec[] = []
  const shares = world.hosts.reduce((sum, host) => sum + host.share, 0)
  for (const host of world.hosts) {
    if (host.kind === 'legacy') continue
    const rate = (ratePerMinute * host.share) / shares
    const days = (toMs - fromMs) / dayMs
    const count = poisson(random, 2 * days * Math.min(1, rate / 20))
    for (let i = 0; i < count; i += 1) {
      const minutes = random.between(1, 2)
      bursts.push({
        kind: 'stray-burst',
        host: host.host,
        start: fromMs + Math.floor(random.unit() * (toMs - fromMs)),
        minutes,
        strength: (2 + binomial(random, 5, 0.35)) / minutes,
        id: `stray ${host.host} ${i} ${random.bits()}`,
      })
    }
  }
  return bursts
}

/** A batch client at 02:30 UTC every night, for twenty minutes. */
export function nightlyJobs(
  hosts: readonly Host[],
  ratePerMinute: number,
  fromMs: number,
  toMs: number,
): IncidentSpec[] {
  const host = hosts.find((each) => each.routes.some((route) => route.kind === 'batch'))
  if (!host) return []
  const jobs: IncidentSpec[] = []
  for (let day = Math.floor(fromMs / dayMs) * dayMs; day < toMs; day += dayMs) {
    const start = day + 9_000_000
    if (start >= fromMs && start < toMs) {
      jobs.push({
        kind: 'nightly-job',
        host: host.host,
        start,
        minutes: 20,
        strength: ratePerMinute * 0.12,
        userAgent: 'ExampleBatch/2.3 (nightly reindex)',
      })
    }
  }
  return jobs
}
