/** Episodes as people look at them. */
import type { Episode, EpisodePage } from '../../store/alert-log.js'
import type { Connection } from '../database.js'
import { episodeOf, episodeWriter } from './evaluation.js'

export function episodeTables(db: Connection) {
  const bump = db.prepare('update alert_revision set counter = counter + 1')
  // an episode belongs to a range that it overlaps; the cursor is "<fired_at> <id>" of the last one seen
  const page = db
    .prepare(
      `select doc from alert_episode
    where (@to is null or fired_at < @to) and (@from is null or resolved_at is null or resolved_at >= @from)
      and (@rule is null or rule = @rule) and (@state is null or state = @state)
      and (@beforeTime is null or (fired_at, id) < (@beforeTime, @beforeId))
    order by fired_at desc, id desc limit @limit`,
    )
    .pluck()
  const one = db.prepare('select doc from alert_episode where id = ?').pluck()
  const put = episodeWriter(db)

  function episode(id: string): Episode | null {
    const doc = one.get(id) as string | undefined
    return doc === undefined ? null : episodeOf(doc)
  }

  return {
    episodes: ({ before, ...ask }: EpisodePage): Episode[] => {
      const space = before?.indexOf(' ') ?? -1
      const [beforeTime, beforeId] =
        before === null || space < 0 ? [null, null] : [Number(before.slice(0, space)), before.slice(space + 1)]
      return (page.all({ ...ask, beforeTime, beforeId }) as string[]).map(episodeOf)
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
