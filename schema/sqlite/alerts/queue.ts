/** Notices that wait for delivery, and what became of those that were delivered. */
import type { Attempt, AttemptOutcome, Delivery, DeliveryQuery, Notice, Telling } from '../../store/alert-log.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf, type Page } from '../../store/paging.js'
import { deliveryOf, FURTHEST_AHEAD_MS, MAX_ATTEMPTS_KEPT, type NoticeRow } from '../../store/rows/notices.js'
import type { Connection } from '../database.js'

export function insertNotice(db: Connection): (notice: Notice) => void {
  // evaluated again after a crash the same notice may come again: once is enough
  const insert = db.prepare(`insert into alert_notice (id, notifier, key, state, due_at, created_at, doc)
    values (@id, @notifier, @group, 'queued', @createdAt, @createdAt, @doc) on conflict (id) do nothing`)
  const about = db.prepare('insert or ignore into alert_telling (episode, notice, phase) values (?, ?, ?)')
  return (notice) => {
    const { changes, lastInsertRowid } = insert.run({
      id: notice.id,
      notifier: notice.notifier,
      group: notice.group,
      createdAt: notice.createdAt,
      doc: JSON.stringify(notice),
    })
    if (changes === 0) return
    for (const { episode, phase } of notice.alerts) about.run(episode, lastInsertRowid, phase)
  }
}

export function queueTables(db: Connection) {
  const insert = insertNotice(db)
  const due = db.prepare(`select seq, notifier, doc from alert_notice as n
    where state = 'queued' and due_at <= @now and (leased_until is null or leased_until <= @now)
      and not exists (select 1 from alert_notice as e where e.notifier = n.notifier and e.key = n.key and e.state = 'queued' and e.seq < n.seq)
    order by seq`)
  const lease = db.prepare('update alert_notice set leased_until = ? where seq = ?')
  const confirm = db.prepare("update alert_notice set leased_until = ? where id = ? and state = 'queued'")
  const seqOf = db.prepare('select seq from alert_notice where id = ?').pluck()
  const settle = db.prepare(
    'update alert_notice set state = @state, due_at = coalesce(@retryAt, due_at), leased_until = null, sent_at = @sentAt where seq = @seq',
  )
  const lastAttempt = db.prepare('select coalesce(max(n), 0) from alert_attempt where notice = ?').pluck()
  const addAttempt = db.prepare(
    'insert into alert_attempt (notice, n, at, ok, status, error, milliseconds) values (?, ?, ?, ?, ?, ?, ?)',
  )
  const thinAttempts = db.prepare('delete from alert_attempt where notice = ? and n > 1 and n <= ?')
  const attempts = db.prepare(
    'select at, ok, status, error, milliseconds from alert_attempt where notice = ? order by n',
  )
  const page =
    db.prepare(`select * from alert_notice where (@notifier is null or notifier = @notifier) and seq < @before
    and (@state is null or (case when state = 'queued' and leased_until is not null then 'sending' else state end) = @state)
    order by seq desc limit @limit + 1`)
  const one = db.prepare('select * from alert_notice where id = ?')
  const release = db.prepare("update alert_notice set leased_until = null where id = ? and state = 'queued'")
  const retry = db.prepare(
    `update alert_notice set state = 'queued', due_at = ?, leased_until = null where id = ? and state in ('queued', 'failed')`,
  )
  const hurry = db.prepare(
    `update alert_notice set due_at = min(due_at, @now), leased_until = min(leased_until, @latest) where state = 'queued'`,
  )
  const next = db
    .prepare("select min(max(due_at, coalesce(leased_until, 0))) from alert_notice where state = 'queued'")
    .pluck()
  const counts = db.prepare(
    `select notifier, sum(state = 'queued') as queued, sum(state = 'failed') as failed, max(seq) as seq from alert_notice group by notifier`,
  )
  const last = db.prepare(`select a.at, a.ok, a.error from alert_attempt as a join alert_notice as n on n.seq = a.notice
    where n.notifier = ? order by a.at desc, a.notice desc, a.n desc limit 1`)
  // since it last took something, or was changed: what it did not take
  const failing = db.prepare(`select min(a.at) as since, count(distinct a.notice) as notices
    from alert_attempt as a join alert_notice as n on n.seq = a.notice
    where n.notifier = @notifier and n.state in ('queued', 'failed') and a.ok = 0
      and a.at > coalesce((select changed_at from alert_notifier where id = @notifier), 0)
      and a.at >= coalesce((select max(sent_at) from alert_notice where notifier = @notifier), 0)`)
  const tellings =
    db.prepare(`select t.episode, n.notifier, n.id as notice, t.phase, n.created_at as queuedAt, n.sent_at as sentAt,
      case when n.state = 'queued' then n.due_at end as dueAt,
      case when n.state = 'queued' and n.leased_until is not null then 'sending' else n.state end as state,
      coalesce((select max(n) from alert_attempt where notice = t.notice), 0) - (n.state = 'sent') as failures,
      (select error from alert_attempt where notice = t.notice and ok = 0 order by n desc limit 1) as error
    from alert_telling as t join alert_notice as n on n.seq = t.notice
    where t.episode in (select value from json_each(?)) order by n.seq`)
  const expireNotices = db.prepare(
    "delete from alert_notice where state in ('sent', 'failed', 'cancelled') and created_at < ?",
  )
  const expireEpisodes = db.prepare(
    'delete from alert_episode where settled = 1 and resolved_at < @before and seen_at < @before',
  )
  const expireSilences = db.prepare('delete from alert_silence where ends_at < ?')

  const attemptsOf = (row: NoticeRow) =>
    (attempts.all(row.seq) as (Omit<Attempt, 'ok'> & { ok: number })[]).map((a) => ({ ...a, ok: a.ok === 1 }))
  const delivery = (row: NoticeRow): Delivery => deliveryOf(row, attemptsOf(row))

  return {
    claim: ({ now, lease: ms, busy }: { now: number; lease: number; busy: string[] }): Notice[] =>
      db
        .transaction(() => {
          const taken = new Set(busy)
          const claimed: Notice[] = []
          for (const row of due.all({ now }) as { seq: number; notifier: string; doc: string }[]) {
            if (taken.has(row.notifier)) continue
            taken.add(row.notifier)
            lease.run(now + ms, row.seq)
            claimed.push(JSON.parse(row.doc) as Notice)
          }
          return claimed
        })
        .immediate(),

    // a file is of one machine: leases of notices are all that its processes need
    confirm: (id: string, until: number): boolean => confirm.run(until, id).changes > 0,

    nextDue: (): number | null => next.get() as number | null,

    finish: (id: string, { attempt, state, retryAt }: AttemptOutcome): void =>
      db
        .transaction(() => {
          const seq = seqOf.get(id) as number | undefined
          if (seq === undefined) return
          const n = (lastAttempt.get(seq) as number) + 1
          addAttempt.run(seq, n, attempt.at, attempt.ok ? 1 : 0, attempt.status, attempt.error, attempt.milliseconds)
          thinAttempts.run(seq, n - MAX_ATTEMPTS_KEPT)
          settle.run({ seq, state, retryAt, sentAt: state === 'sent' ? attempt.at : null })
        })
        .immediate(),

    release: (id: string): void => {
      release.run(id)
    },
    enqueue: (notice: Notice, leasedUntil: number): void =>
      db
        .transaction(() => {
          insert(notice)
          lease.run(leasedUntil, seqOf.get(notice.id))
        })
        .immediate(),

    deliveries: ({ notifier, state, limit, after }: DeliveryQuery): Page<Delivery> =>
      db
        .transaction(() => {
          const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
          const rows = page.all({ notifier, state, before, limit }) as NoticeRow[]
          return pageOf(rows, limit, delivery, (row) => cursorOf([row.seq]))
        })
        .deferred(),

    tellings: (episodes: string[]): Telling[] => tellings.all(JSON.stringify(episodes)) as Telling[],

    delivery: (id: string): Delivery | null => {
      const row = one.get(id) as NoticeRow | undefined
      return row ? delivery(row) : null
    },

    retry: (id: string, now: number): boolean => retry.run(now, id).changes > 0,
    hurry: (now: number): void => {
      hurry.run({ now, latest: now + FURTHEST_AHEAD_MS })
    },

    counts: () =>
      Object.fromEntries(
        (counts.all() as { notifier: string; queued: number; failed: number }[]).map(({ notifier, queued, failed }) => {
          const tried = last.get(notifier) as { at: number; ok: number; error: string | null } | undefined
          const { since, notices } = failing.get({ notifier }) as { since: number | null; notices: number }
          return [
            notifier,
            {
              queued,
              failed,
              last: tried ? { ...tried, ok: tried.ok === 1 } : null,
              failing: since === null ? null : { since, notices, error: tried?.error ?? null },
            },
          ]
        }),
      ),

    expire: (before: number): void =>
      db
        .transaction(() => {
          expireNotices.run(before)
          expireEpisodes.run({ before })
          expireSilences.run(before)
        })
        .immediate(),
  }
}
