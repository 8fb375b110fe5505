/** Episodes as people look at them. */
import type { Episode, EpisodeQuery } from '../../store/alert-log.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf, type Page } from '../../store/paging.js'
import type { Connection } from '../database.js'
import { episodeOf } from '../../store/rows/alerts.js'
import { episodeWriter } from './evaluation.js'

export function episodeTables(db: Connection) {
  const bump = db.prepare('update alert_revision set counter = counter + 1')
  // an episode belongs to a range that it overlaps
  const page = db
    .prepare(
      `select doc from alert_episode
    where (@to is null or fired_at < @to) and (@from is null or resolved_at is null or resolved_at >= @from)
      and (@rule is null or rule = @rule) and (@state is null or state = @state)
      and (@beforeTime is null or (fired_at, id) < (@beforeTime, @beforeId))
    order by fired_at desc, id desc limit @limit + 1`,
    )
    .pluck()
  const one = db.prepare('select doc from alert_episode where id = ?').pluck()
  const put = episodeWriter(db)

  function episode(id: string): Episode | null {
    const doc = one.get(id) as string | undefined
    return doc === undefined ? null : episodeOf(doc)
  }

  return {
    episodes: ({ limit, after, ...ask }: EpisodeQuery): Page<Episode> => {
      const [beforeTime, beforeId] = after === null ? [null, null] : placeOf(after, ['number', 'string'])
      const docs = page.all({ ...ask, beforeTime, beforeId, limit }) as string[]
      return pageOf(
        docs.map(episodeOf),
        limit,
        (one) => one,
        (one) => cursorOf([one.firedAt, one.id]),
      )
    },
    episode,
    acknowledge: (id: string, acknowledged: Episode['acknowledged']): Episode | null =>
      db
        .transaction(() => {
          const found = episode(id)
          if (!found) return null
          const changed = { ...found, acknowledged }
          put(changed)
          bump.run()
          return changed
        })
        .immediate(),
  }
}
