/**
 * Walks through the steps until it is stopped, and says which are done. Arguments: the store's URL; up to which step it
 * walks, if not to the end. FAULTLINE_FAILPOINT says where it stops.
 */
import { openStore } from '../../../dist/schema/open-store.js'
import { STEPS } from './steps.mjs'

const [url, upTo = String(STEPS.length)] = process.argv.slice(2)
const store = await openStore(url)
const ids = {}
for (const [n, step] of STEPS.slice(0, Number(upTo)).entries()) {
  await step.run(store, ids)
  process.stdout.write(`${n}\n`)
}
if (Number(upTo) < STEPS.length) process.kill(process.pid, 'SIGKILL')
await store.close()
