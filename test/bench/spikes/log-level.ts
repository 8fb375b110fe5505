import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runScenario, stop } from './log-level-run.js'
import { logScenario } from './log-level-scenario.js'
import { newLogTally, printLogTally, tallyLogs } from './log-level-tally.js'

/**
 * How good are spikes from log lines to sentence? Simulated exports go through the real pipeline into a real store.
 *
 *   node log-level.js [--from 5000] [--seeds 40]     the table; seeds below 5000 were used for tuning
 *   node log-level.js --seed 5012                    one of them, with all that is said of it
 *   --stores FOLDER keeps the stores, so that the next run only explains
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '5000' },
    seeds: { type: 'string', default: '40' },
    seed: { type: 'string' },
    stores: { type: 'string' },
    minutes: { type: 'string', default: '3' },
  },
})

const seeds =
  values.seed === undefined
    ? Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.from) + i)
    : [Number(values.seed)]
const stores = values.stores ?? mkdtempSync(join(tmpdir(), 'faultline-bench-'))
const tally = newLogTally()
const began = Date.now()
try {
  for (const seed of seeds) {
    const scenario = logScenario(seed)
    const folder = join(stores, String(seed))
    const outcome = await runScenario(scenario, folder)
    if (values.stores === undefined) rmSync(folder, { recursive: true, force: true })
    tallyLogs(tally, scenario, outcome)
    if (values.seed !== undefined)
      console.log(
        JSON.stringify(
          {
            name: scenario.name,
            plan: scenario.plan,
            incidents: outcome.truth.incidents,
            quiet: outcome.truth.quiet,
            report: outcome.report,
          },
          null,
          1,
        ),
      )
    if (Date.now() - began > Number(values.minutes) * 60_000) {
      console.log(
        `after ${values.minutes} minutes ${tally.scenarios} of ${seeds.length} seeds were done; --minutes allows more`,
      )
      break
    }
  }
} finally {
  await stop()
  if (values.stores === undefined) rmSync(stores, { recursive: true, force: true })
}
printLogTally(tally, `seeds ${seeds[0]} to ${seeds[seeds.length - 1]}`)
