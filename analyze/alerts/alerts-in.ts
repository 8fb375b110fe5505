/** Alerts that fired in a range, as the API gives them: for whoever writes down what happened. */
import type { EpisodeJson } from '../../schema/api/alerts.js'
import type { AlertLog } from '../../schema/store/alert-log.js'
import { episodeView } from './routes/views.js'

const MOST = 200

export function alertsIn(log: AlertLog): (range: { from: number; to: number }) => Promise<EpisodeJson[]> {
  return async ({ from, to }) => {
    const [{ items: episodes }, { notifiers }] = await Promise.all([
      log.episodes({ from, to, rule: null, state: null, limit: MOST, after: null }),
      log.load(),
    ])
    const tellings = await log.tellings(episodes.map(({ id }) => id))
    return episodes.map((one) => episodeView(one, notifiers, tellings))
  }
}
