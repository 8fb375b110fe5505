import { detectEpisodes, type Episode, type Traffic } from '../../../analyze/spikes/detect/index.js'
import { cloudflareRule } from './cloudflare-rule.js'
import type { ScenarioSource, Share } from '../../analyze/worlds/scenario.js'
import { newTally, row, tally } from '../../analyze/worlds/score.js'
import { minuteWorlds } from '../../analyze/worlds/world.js'

/**
 * How good is spike detection? `node bench.js [first seed] [number of seeds] [--kinds] [--mistakes]`
 * Seeds below 1000 were used for tuning; the default begins at 1000.
 */
const sources: ScenarioSource[] = [minuteWorlds]

const detectors: [string, (traffic: Traffic) => Episode[]][] = [
  ['faultline', (traffic) => detectEpisodes(traffic)],
  ['z > 3.5, > 200 requests', (traffic) => cloudflareRule(traffic, 200)],
  ['z > 3.5, > 20 requests', (traffic) => cloudflareRule(traffic, 20)],
]

const options = process.argv.slice(2)
const [first = 1000, count = 100] = options.filter((a) => !a.startsWith('--')).map(Number)
const seeds = Array.from({ length: count }, (_, i) => first + i)

for (const source of sources) {
  const tallies = detectors.map(() => newTally())
  const judged = new Map<string, Share>()
  let looks = 0
  let seconds = 0
  for await (const scenario of source.scenarios(seeds)) {
    looks += scenario.traffic.minutes * scenario.traffic.series.length
    for (const [i, [, detect]] of detectors.entries()) {
      const before = performance.now()
      const episodes = detect(scenario.traffic)
      if (i === 0) seconds += (performance.now() - before) / 1000
      tally(tallies[i], scenario, episodes)
      if (i === 0 && source.judge) add(judged, await source.judge(scenario, episodes))
    }
  }
  const pace = `${(looks / 1e6).toFixed(0)} million counts in ${seconds.toFixed(1)} s`
  console.log(`\n${source.name}, seeds ${first} to ${first + count - 1}: ${pace}`)
  const columns = detectors.map(([name], i) => [name, row(tallies[i])] as const)
  const rows = Object.keys(columns[0][1]).map((measure) => [
    measure,
    Object.fromEntries(columns.map(([name, figures]) => [name, figures[measure]])),
  ])
  for (const [measure, { right, of }] of judged) rows.push([measure, { faultline: (right / of).toFixed(3) }])
  console.table(Object.fromEntries(rows))
  if (options.includes('--kinds')) console.table(Object.fromEntries([...tallies[0].byKind].sort()))
  if (options.includes('--mistakes')) console.log(tallies[0].mistakes.join('\n'))
}

function add(sums: Map<string, Share>, shares: Record<string, Share>): void {
  for (const [measure, { right, of }] of Object.entries(shares)) {
    const sum = sums.get(measure) ?? { right: 0, of: 0 }
    sums.set(measure, { right: sum.right + right, of: sum.of + of })
  }
}
