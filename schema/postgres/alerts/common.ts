/** What the tables of alerting share. The caller holds the transaction. */
import type { Episode, Notice } from '../../store/alert-log.js'
import type { Asked } from '../database.js'

/** `edited`: by a person, which makes an evaluation that is under way start again; `news`: something may look different. */
export async function bump(ask: Asked, what: { edited?: boolean; news?: boolean }): Promise<void> {
  await ask.run('update alert_revision set counter = counter + 1, edits = edits + @edits, news = news + @news', {
    edits: what.edited ? 1 : 0,
    news: what.news ? 1 : 0,
  })
}

export async function putEpisode(ask: Asked, e: Episode): Promise<void> {
  const { id, rule, state, settled, firedAt, resolvedAt, seenAt } = e
  await ask.run(
    `insert into alert_episode (id, rule, state, settled, fired_at, resolved_at, seen_at, doc)
    values (@id, @rule, @state, @settled, @firedAt, @resolvedAt, @seenAt, @doc)
    on conflict (id) do update set state = excluded.state, settled = excluded.settled, fired_at = excluded.fired_at,
      resolved_at = excluded.resolved_at, doc = excluded.doc`,
    { id, rule, state, settled, firedAt, resolvedAt, seenAt, doc: JSON.stringify(e) },
  )
}

/** Evaluated again after a crash the same notice may come again: once is enough. */
export async function putNotice(ask: Asked, notice: Notice): Promise<void> {
  const { id, notifier, group, createdAt, alerts } = notice
  const seq = await ask.value<number>(
    `insert into alert_notice (id, notifier, key, state, due_at, created_at, doc)
    values (@id, @notifier, @group, 'queued', @createdAt, @createdAt, @doc) on conflict (id) do nothing returning seq`,
    { id, notifier, group, createdAt, doc: JSON.stringify(notice) },
  )
  if (seq === undefined) return
  for (const { episode, phase } of alerts)
    await ask.run(
      'insert into alert_telling (episode, notice, phase) values (@episode, @seq, @phase) on conflict do nothing',
      { episode, seq, phase },
    )
}
