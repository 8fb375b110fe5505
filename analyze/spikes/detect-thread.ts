/** The detector on a thread of its own: a month of many hosts takes seconds, and nobody else shall wait for it. */
import { startThread, workerUrl, type Thread } from '../../schema/threads.js'
import type { DetectOptions, Episode, History, Traffic } from './detect/index.js'
import type { DetectThread } from './detect-worker.js'
import type { BandFunction } from './curve.js'
import type { DetectFunction } from './service.js'

export interface Detector {
  detect: DetectFunction
  band: BandFunction
  /** Goes on from what an earlier run learned. */
  run(traffic: Traffic, options: DetectOptions): Promise<{ episodes: Episode[]; history: History }>
  close(): Promise<void>
}

export function createDetector(): Detector {
  let running: Thread<DetectThread> | undefined
  const thread = () => (running?.alive ? running : (running = startThread<DetectThread>(workerUrl(import.meta.url, './detect-worker.js'))))
  return {
    detect: (traffic, reportFrom) => thread().call('detect', traffic, reportFrom),
    band: (traffic, scope) => thread().call('band', traffic, scope),
    run: (traffic, options) => thread().call('run', traffic, options),
    async close() {
      await running?.stop()
    },
  }
}
