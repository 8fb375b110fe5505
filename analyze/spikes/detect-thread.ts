/** The detector on a thread of its own: a month of many hosts takes seconds, and nobody else shall wait for it. */
import { startThread, workerUrl, type Thread } from '../../schema/threads.js'
import type { DetectThread } from './detect-worker.js'
import type { DetectFunction } from './service.js'

export interface Detector {
  detect: DetectFunction
  close(): Promise<void>
}

export function createDetector(): Detector {
  let thread: Thread<DetectThread> | undefined
  return {
    detect(traffic, reportFrom) {
      if (!thread?.alive) thread = startThread<DetectThread>(workerUrl(import.meta.url, './detect-worker.js'))
      return thread.call('detect', traffic, reportFrom)
    },
    async close() {
      await thread?.stop()
    },
  }
}
