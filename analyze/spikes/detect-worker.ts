/** Detection takes seconds on a month of many hosts: it runs here, off the event loop. */
import { serve } from '../../schema/threads.js'
import { detectEpisodes, type Episode, type Traffic } from './detect/index.js'

export type DetectThread = { detect: (traffic: Traffic, reportFrom: number) => Episode[] }

serve<DetectThread>({
  detect: (traffic, reportFrom) => detectEpisodes(traffic, { reportFrom }),
})
