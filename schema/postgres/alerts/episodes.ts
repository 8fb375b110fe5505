/** Episodes as people look at them. */
import type { AlertLog } from '../../store/alert-log.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import { episodeOf } from '../../store/rows/alerts.js'
import type { Asked, Database } from '../database.js'
import { bump, putEpisode } from './common.js'

export function episodes(db: Database): Pick<AlertLog, 'episodes' | 'episode' | 'acknowledge'> {
  async function one(ask: Asked, id: string) {
    const doc = await ask.value<string>('select doc from alert_episode where id = @id', { id })
    return doc === undefined ? null : episodeOf(doc)
  }
  return {
    // an episode belongs to a range that it overlaps
    episodes: async ({ limit, after, ...query }) => {
      const [beforeTime, beforeId] = after === null ? [null, null] : placeOf(after, ['number', 'string'])
      const rows = await db.read('read the alerts of', (ask) =>
        ask.rows<{ doc: string }>(
          `select doc from alert_episode
          where (@to::bigint is null or fired_at < @to)
            and (@from::bigint is null or resolved_at is null or resolved_at >= @from)
            and (@rule::text is null or rule = @rule) and (@state::text is null or state = @state)
            and (@beforeTime::bigint is null or (fired_at, id) < (@beforeTime, @beforeId::text))
          order by fired_at desc, id desc limit @limit::int + 1`,
          { ...query, beforeTime, beforeId, limit },
        ),
      )
      const found = rows.map(({ doc }) => episodeOf(doc))
      return pageOf(
        found,
        limit,
        (episode) => episode,
        ({ firedAt, id }) => cursorOf([firedAt, id]),
      )
    },
    episode: (id) => db.read('read the alerts of', (ask) => one(ask, id)),
    acknowledge: (id, acknowledged) =>
      db.commit('acknowledge an alert in', 'alerts', async (ask) => {
        const found = await one(ask, id)
        if (!found) return null
        const changed = { ...found, acknowledged }
        await putEpisode(ask, changed)
        await bump(ask, { edited: true, news: true })
        return changed
      }),
  }
}
