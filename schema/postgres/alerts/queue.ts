/** Notices that wait for delivery: taken, confirmed, sent. Deliveries as people look at them: deliveries.ts. */
import type { AlertLog, Notice } from '../../store/alert-log.js'
import { FURTHEST_AHEAD_MS, MAX_ATTEMPTS_KEPT } from '../../store/rows/notices.js'
import type { Database } from '../database.js'
import { holds } from '../leases.js'
import { bump, putNotice } from './common.js'

type Queue = Pick<
  AlertLog,
  'claim' | 'confirm' | 'nextDue' | 'finish' | 'release' | 'enqueue' | 'retry' | 'hurry' | 'expire'
>

export function queue(db: Database): Queue {
  return {
    claim: ({ now, lease, busy, fence = null }) =>
      db.commit('take notices from', 'alerts', async (ask) => {
        if (fence && !(await holds(ask, fence))) return []
        const due = await ask.rows<{ seq: number; doc: string }>(
          `select distinct on (notifier) seq, doc from alert_notice as n
          where state = 'queued' and due_at <= @now and (leased_until is null or leased_until <= @now)
            and notifier <> all(@busy)
            and not exists (select 1 from alert_notice as e
              where e.notifier = n.notifier and e.key = n.key and e.state = 'queued' and e.seq < n.seq)
          order by notifier, seq`,
          { now, busy },
        )
        if (due.length === 0) return []
        const take = 'update alert_notice set leased_until = @until, fence = @token where seq = any(@seqs::bigint[])'
        await ask.run(take, { until: now + lease, token: fence?.token ?? null, seqs: due.map(({ seq }) => seq) })
        return due.sort((a, b) => a.seq - b.seq).map(({ doc }) => JSON.parse(doc) as Notice)
      }),
    confirm: (id, until, fence) =>
      db.commit('take a notice from', 'alerts', async (ask) => {
        if (fence && !(await holds(ask, fence))) return false
        const token = fence?.token ?? null
        const take = `update alert_notice set leased_until = @until
          where id = @id and state = 'queued' and (@token::bigint is null or fence = @token)`
        return (await ask.run(take, { id, until, token })) > 0
      }),
    nextDue: () =>
      db.read('read the notices of', async (ask) => {
        const next = "select min(greatest(due_at, coalesce(leased_until, 0))) from alert_notice where state = 'queued'"
        return (await ask.value<number | null>(next)) ?? null
      }),
    finish: (id, { attempt, state, retryAt }) =>
      db.commit('keep a delivery in', 'alerts', async (ask) => {
        const seq = await ask.value<number>('select seq from alert_notice where id = @id', { id })
        if (seq === undefined) return
        const last = 'select coalesce(max(n), 0) from alert_attempt where notice = @seq'
        const n = ((await ask.value<number>(last, { seq })) as number) + 1
        await ask.run(
          `insert into alert_attempt (notice, n, at, ok, status, error, milliseconds)
          values (@seq, @n, @at, @ok, @status, @error, @milliseconds)`,
          { seq, n, ...attempt },
        )
        await ask.run('delete from alert_attempt where notice = @seq and n > 1 and n <= @old', {
          seq,
          old: n - MAX_ATTEMPTS_KEPT,
        })
        await ask.run(
          `update alert_notice set state = @state, due_at = coalesce(@retryAt::bigint, due_at), leased_until = null,
          sent_at = @sentAt where seq = @seq`,
          { seq, state, retryAt, sentAt: state === 'sent' ? attempt.at : null },
        )
        await ask.run('update alert_revision set news = news + 1')
      }),
    release: (id) =>
      db.commit('give a notice back to', 'alerts', async (ask) => {
        await ask.run("update alert_notice set leased_until = null where id = @id and state = 'queued'", { id })
      }),
    enqueue: (notice, leasedUntil) =>
      db.commit('queue a notice in', 'alerts', async (ask) => {
        await putNotice(ask, notice)
        await ask.run('update alert_notice set leased_until = @leasedUntil where id = @id', {
          leasedUntil,
          id: notice.id,
        })
      }),
    retry: (id, now) =>
      db.commit('retry a notice in', 'alerts', async (ask) => {
        const again = `update alert_notice set state = 'queued', due_at = @now, leased_until = null
          where id = @id and state in ('queued', 'failed')`
        const found = (await ask.run(again, { id, now })) > 0
        if (found) await bump(ask, { edited: true, news: true })
        return found
      }),
    hurry: (now) =>
      db.commit('hurry the notices of', 'alerts', async (ask) => {
        await ask.run(
          `update alert_notice set due_at = least(due_at, @now::bigint),
          leased_until = case when leased_until is null then null else least(leased_until, @latest::bigint) end
          where state = 'queued'`,
          { now, latest: now + FURTHEST_AHEAD_MS },
        )
      }),
    expire: (before) =>
      db.commit('forget old alerts in', 'alerts', async (ask) => {
        await ask.run(
          "delete from alert_notice where state in ('sent', 'failed', 'cancelled') and created_at < @before",
          { before },
        )
        await ask.run('delete from alert_episode where settled and resolved_at < @before and seen_at < @before', {
          before,
        })
        await ask.run('delete from alert_silence where ends_at < @before', { before })
      }),
  }
}
