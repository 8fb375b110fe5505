import { detectEpisodes } from '../../../analyze/spikes/detect/index.js'
import type { Episode, Traffic } from '../../../analyze/spikes/detect/types.js'
import { cloudflareRule } from './cloudflare-rule.js'
import type { ScenarioSource } from './scenario.js'
import { newTally, quantile, tally, type Tally } from './score.js'
import { minuteWorlds } from './world.js'

/**
 * How good is spike detection? `node bench.js [first seed] [number of seeds] [--mistakes] [--kinds]`
 * Seeds below 1000 were used for tuning; the default begins at 1000.
 */
const sources: ScenarioSource[] = [minuteWorlds]

const detectors: [string, (traffic: Traffic) => Episode[]][] = [
  ['faultline', (traffic) => detectEpisodes(traffic)],
  ['z > 3.5, > 200 requests', (traffic) => cloudflareRule(traffic, 200)],
  ['z > 3.5, > 20 requests', (traffic) => cloudflareRule(traffic, 20)],
]

const numbers = process.argv.slice(2).filter((a) => !a.startsWith('--'))
const first = Number(numbers[0] ?? 1000)
const count = Number(numbers[1] ?? 120)
const seeds = Array.from({ length: count }, (_, i) => first + i)

for (const source of sources) {
  const tallies = detectors.map(() => newTally())
  let looks = 0
  let seconds = 0
  for (const scenario of source.scenarios(seeds)) {
    looks += scenario.traffic.minutes * scenario.traffic.series.length
    detectors.forEach(([, detect], i) => {
      const before = performance.now()
      const episodes = detect(scenario.traffic)
      if (i === 0) seconds += (performance.now() - before) / 1000
      tally(tallies[i], scenario, episodes)
    })
  }
  console.log(`\n${source.name}: seeds ${first} to ${first + count - 1}, ${looks.toExponential(1)} series-minutes in ${seconds.toFixed(1)} s`)
  const columns = detectors.map(([name], i) => [name, row(tallies[i])] as const)
  const measures = Object.keys(columns[0][1]) as (keyof ReturnType<typeof row>)[]
  console.table(Object.fromEntries(measures.map((m) => [m, Object.fromEntries(columns.map(([name, r]) => [name, r[m]]))])))
  if (process.argv.includes('--kinds')) {
    console.table(Object.fromEntries([...tallies[0].byKind].sort().map(([kind, c]) => [kind, { found: c.found, of: c.of }])))
  }
  if (process.argv.includes('--mistakes')) console.log(tallies[0].mistakes.join('\n'))
}

function row(t: Tally) {
  const found = t.find.found + t.weak.found
  const round = (x: number) => Math.round(x * 1000) / 1000
  return {
    recall: round(t.find.found / t.find.of),
    'recall, weak': round(t.weak.found / t.weak.of),
    precision: round(t.right / (t.right + t.wrong)),
    'false alarms per quiet day': round(t.wrongOnQuietDays / t.quietDays),
    'median delay of steps (min)': round(quantile(t.delays, 0.5)),
    '90 % delay': round(quantile(t.delays, 0.9)),
    'pieces per incident': round(t.pieces / found),
    'right scope': round(t.exact / found),
    'start off by (median)': round(quantile(t.startErrors.map(Math.abs), 0.5)),
    'end off by (median)': round(quantile(t.endErrors.map(Math.abs), 0.5)),
    'end off by (90 %)': round(quantile(t.endErrors.map(Math.abs), 0.9)),
    'end late, early (90 %)': `${round(quantile(t.endErrors, 0.9))}, ${round(-quantile(t.endErrors, 0.1))}`,
    incidents: `${t.find.of} + ${t.weak.of} weak, ${t.quietDays} quiet days`,
  }
}
