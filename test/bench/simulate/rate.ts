import { simulate } from '../../../ingest/inputs/simulate/index.js'

/**
 * How fast is the simulator? `npx tsc -p test/bench/simulate && node dist/test/bench/simulate/rate.js [lines]`
 * Prints lines per second of wall clock and of processor time, which differ on a busy machine. The first row warms up.
 */
const lines = Number(process.argv[2] ?? 500_000)

for (const shape of ['all', 'all', 'status', 'logpull'] as const) {
  const simulation = simulate({ seed: 3, from: '2026-11-18', to: '2026-11-19', lines, shape, incidents: 'demo' })
  const start = performance.now()
  const usage = process.cpuUsage()
  let bytes = 0
  for (const chunk of simulation.chunks()) bytes += chunk.length
  const { user, system } = process.cpuUsage(usage)
  const perSecond = (seconds: number): string => Math.round(lines / seconds).toLocaleString('en')
  console.log(
    `${shape.padEnd(8)} ${String(simulation.fields.length).padStart(2)} fields ${Math.round(bytes / lines)} B/line: ` +
      `${perSecond((performance.now() - start) / 1000)} lines/s, ${perSecond((user + system) / 1e6)} per CPU second`,
  )
}
