/** Detection takes seconds on a month of many hosts: it runs here, off the event loop. */
import { serve } from '../../schema/runtime/threads.js'
import {
  expectedBand,
  run,
  type Band,
  type DetectOptions,
  type Episode,
  type History,
  type Scope,
  type Traffic,
} from './detect/index.js'

export type DetectThread = {
  band: (traffic: Traffic, scope: Scope) => Band
  run: (traffic: Traffic, options: DetectOptions) => { episodes: Episode[]; history: History }
}

serve<DetectThread>({
  band: (traffic, scope) => expectedBand(traffic, scope),
  run(traffic, options) {
    // `history` is made when it is read: it has to cross to the other thread as plain data. What came from there is a copy
    const { episodes, history } = run(traffic, { ...options, isLast: true })
    return { episodes, history }
  },
})
