/** The detector on the thread that asks, for a command that has nothing else to do meanwhile. */
import { expectedBand, run } from './detect/index.js'
import type { Detector } from './detect-thread.js'

export const detectorHere: Omit<Detector, 'close'> = {
  band: async (traffic, scope) => expectedBand(traffic, scope),
  async run(traffic, options) {
    // `history` is made when it is read
    const { episodes, history } = run(traffic, options)
    return { episodes, history }
  },
}
