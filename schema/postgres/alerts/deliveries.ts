/** What became of notices. */
import type { AlertLog, Attempt, Telling } from '../../store/alert-log.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import { deliveryOf, type NoticeRow } from '../../store/rows/notices.js'
import type { Asked, Database } from '../database.js'

type Deliveries = Pick<AlertLog, 'tellings' | 'deliveries' | 'delivery' | 'counts'>

interface Counted {
  notifier: string
  queued: number
  failed: number
  at: number | null
  ok: boolean | null
  error: string | null
  since: number | null
  notices: number
}

export function deliveries(db: Database): Deliveries {
  const attemptsOf = (ask: Asked, { seq }: NoticeRow) =>
    ask.rows<Attempt>('select at, ok, status, error, milliseconds from alert_attempt where notice = @seq order by n', {
      seq,
    })
  return {
    tellings: (episodes) =>
      db.read('read the notices of', (ask) =>
        ask.rows<Telling>(
          `select t.episode, n.notifier, n.id as notice, t.phase, n.created_at as "queuedAt", n.sent_at as "sentAt",
          case when n.state = 'queued' then n.due_at end as "dueAt",
          case when n.state = 'queued' and n.leased_until is not null then 'sending' else n.state end as state,
          coalesce((select max(a.n) from alert_attempt a where a.notice = t.notice), 0)
            - (case when n.state = 'sent' then 1 else 0 end) as failures,
          (select a.error from alert_attempt a where a.notice = t.notice and not a.ok order by a.n desc limit 1) as error
          from alert_telling as t join alert_notice as n on n.seq = t.notice
          where t.episode = any(@episodes) order by n.seq`,
          { episodes },
        ),
      ),
    deliveries: ({ notifier, state, limit, after }) =>
      db.read('read the notices of', async (ask) => {
        const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
        const rows = await ask.rows<NoticeRow>(
          `select * from alert_notice where (@notifier::text is null or notifier = @notifier) and seq < @before::bigint
          and (@state::text is null
            or (case when state = 'queued' and leased_until is not null then 'sending' else state end) = @state)
          order by seq desc limit @limit::int + 1`,
          { notifier, state, before, limit },
        )
        const attempts = new Map<number, Attempt[]>()
        for (const row of rows.slice(0, limit)) attempts.set(row.seq, await attemptsOf(ask, row))
        return pageOf(
          rows,
          limit,
          (row) => deliveryOf(row, attempts.get(row.seq) ?? []),
          (row) => cursorOf([row.seq]),
        )
      }),
    delivery: (id) =>
      db.read('read the notices of', async (ask) => {
        const row = await ask.row<NoticeRow>('select * from alert_notice where id = @id', { id })
        return row === undefined ? null : deliveryOf(row, await attemptsOf(ask, row))
      }),
    // failing: since it last took something, or was changed, what it did not take
    counts: () =>
      db.read('count the notices of', async (ask) => {
        const rows = await ask.rows<Counted>(
          `select c.*, l.at, l.ok, l.error, f.since, f.notices
          from (select notifier, count(*) filter (where state = 'queued') as queued,
            count(*) filter (where state = 'failed') as failed from alert_notice group by notifier) c
          left join lateral (select a.at, a.ok, a.error from alert_attempt a join alert_notice n on n.seq = a.notice
            where n.notifier = c.notifier order by a.at desc, a.notice desc, a.n desc limit 1) l on true
          left join lateral (select min(a.at) as since, count(distinct a.notice) as notices
            from alert_attempt a join alert_notice n on n.seq = a.notice
            where n.notifier = c.notifier and n.state in ('queued', 'failed') and not a.ok
              and a.at > coalesce((select changed_at from alert_notifier where id = c.notifier), 0)
              and a.at >= coalesce((select max(sent_at) from alert_notice where notifier = c.notifier), 0)) f on true`,
        )
        return Object.fromEntries(
          rows.map(({ notifier, queued, failed, at, ok, error, since, notices }) => [
            notifier,
            {
              queued,
              failed,
              last: at === null || ok === null ? null : { at, ok, error },
              failing: since === null ? null : { since, notices, error },
            },
          ]),
        )
      }),
  }
}
