/**
 * A Faultline process that evaluates and delivers once, for tests that kill it.
 * Arguments: store file, mode, ms that its clock is ahead. Modes: evaluate (dies right after the commit), go (does all
 * and says so).
 */
import { openStore } from '../../../../dist/schema/open-store.js'
import { createAlertService } from '../../../../dist/analyze/alerts/service.js'

const [path, mode, ahead] = process.argv.slice(2)
const store = await openStore(`sqlite:${path}`)
const log = store.alerts
const service = createAlertService({
  store,
  log,
  onChange: store.onChange,
  findSurges: null,
  explain: null,
  allowAddresses: ['127.0.0.1'],
  clock: { now: () => Date.now() + Number(ahead), monotonic: () => performance.now() },
  delay: { fixedMs: 60_000 },
})
process.stdout.write('ready\n')
await service.evaluate()
if (mode === 'evaluate') process.kill(process.pid, 'SIGKILL')
await service.deliver()
await service.stop()
await store.close()
process.stdout.write('done\n')
