/** The detector on a thread of its own: a month of many hosts takes seconds, and nobody else shall wait for it. */
import { startThread, workerUrl, type Thread } from '../../schema/runtime/threads.js'
import type { DetectThread } from './detect-worker.js'
import type { BandFunction } from './curve.js'
import type { Traffic } from './detect/index.js'
import type { RunFunction } from './episodes.js'

export interface Detector {
  band: BandFunction
  /** Goes on from what an earlier run learned. The series of the traffic move to the thread: a month of them is too much to have twice. */
  run: RunFunction
  close(): Promise<void>
}

const buffersOf = ({ series }: Traffic): ArrayBuffer[] => [
  ...new Set(
    series.flatMap(({ counts, heads, newcomers }) =>
      [counts, heads, newcomers].flatMap((array) => (array ? (array.buffer as ArrayBuffer) : [])),
    ),
  ),
]

export function createDetector(): Detector {
  let running: Thread<DetectThread> | undefined
  const thread = () =>
    running?.alive ? running : (running = startThread<DetectThread>(workerUrl(import.meta.url, './detect-worker.js')))
  return {
    band: (traffic, scope) => thread().call('band', traffic, scope),
    run: (traffic, options) => thread().callMoving(buffersOf(traffic), 'run', traffic, options),
    async close() {
      await running?.stop()
    },
  }
}
