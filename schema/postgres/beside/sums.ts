/** Hours and days of records: touched before they change, and which were summed up since. All in the domain of the records. */
import type { BesideNotes, Summed } from '../../store/beside.js'
import { DAY, HOUR } from '../../words/duration.js'
import type { Asked, Database } from '../database.js'

type SumNotes = Pick<
  BesideNotes,
  | 'touch'
  | 'touchBefore'
  | 'summedHours'
  | 'unsummedHours'
  | 'beginSums'
  | 'finishSums'
  | 'oldSums'
  | 'forgetOldSums'
  | 'summedDays'
  | 'beginDay'
  | 'finishDay'
  | 'oldDays'
  | 'forgetOldDays'
>

const TOUCHED_SINCE = 'exists (select 1 from hour_state h where h.hour between d.day * 24 and d.day * 24 + 23 and'

export function sumNotes(db: Database): SumNotes {
  return {
    touch: (from, to) => db.commit('note a change in', 'records', (ask) => touch(ask, from, to)),
    touchBefore: (before) =>
      db.commit('note a change in', 'records', async (ask) => {
        await ask.run(
          `update hour_state set touched = @turn, touched_at = now_ms(), old = old or rolled is not null where hour <= @hour`,
          { turn: await nextTurn(ask), hour: hourOf(before) },
        )
      }),
    summedHours: (from, to) =>
      db.read('read', (ask) =>
        ask.rows<Summed>(
          `select hour as at, rolled as generation from hour_state
          where hour between @first and @last and rolled = touched order by hour`,
          { first: hourOf(from), last: hourOf(to) },
        ),
      ),
    unsummedHours: () =>
      db.read('read', async (ask) => {
        const find = 'select hour from hour_state where rolled is null or rolled <> touched order by hour'
        return (await ask.rows<{ hour: number }>(find)).map(({ hour }) => hour)
      }),
    beginSums: (quietMs, most) =>
      db.commit('begin to sum up in', 'records', async (ask) => {
        const quiet = await ask.rows<{ hour: number }>(
          `select hour from hour_state h where (rolled is null or rolled <> touched) and touched_at <= now_ms() - @quietMs::bigint
          and not exists (select 1 from part_begun p where p.first_time < (h.hour + 1) * ${HOUR} and p.last_time >= h.hour * ${HOUR})
          order by hour limit @most::int`,
          { quietMs, most },
        )
        const hours = quiet
          .map(({ hour }) => hour)
          .filter((hour, _, all) => Math.floor(hour / 24) === Math.floor(all[0] / 24))
        if (hours.length === 0) return null
        const generation = await nextTurn(ask)
        // an attempt that fails leaves some as well
        await ask.run(
          'update hour_state set touched = @generation, old = old or rolled is not null where hour = any(@hours::bigint[])',
          { generation, hours },
        )
        return { hours, generation }
      }),
    finishSums: (generation) =>
      db.commit('sum up in', 'records', async (ask) => {
        await ask.run('update hour_state set rolled = @generation where touched = @generation', { generation })
      }),
    oldSums: (touchedAgoMs, most) =>
      db.read('read', (ask) =>
        ask.rows<Summed>(
          `select hour as at, case when rolled = touched then rolled else 0 end as generation from hour_state
          where old and touched_at <= now_ms() - @touchedAgoMs::bigint order by hour limit @most::int`,
          { touchedAgoMs, most },
        ),
      ),
    forgetOldSums: (hours) =>
      db.commit('forget old sums in', 'records', async (ask) => {
        const forget = 'update hour_state set old = false where hour = any(@hours::bigint[])'
        await ask.run(forget, { hours: hours.map(({ at }) => at) })
      }),
    summedDays: (from, to) =>
      db.read('read', (ask) =>
        ask.rows<Summed>(
          `select day as at, generation from day_state d where day between @first and @last
          and not ${TOUCHED_SINCE} h.touched > d.generation) order by day`,
          { first: Math.floor(from / DAY), last: Math.floor(to / DAY) },
        ),
      ),
    // what touches it from now on has a higher number than the generation: nobody has to wait until the sums are made
    beginDay: (quietMs) =>
      db.commit('begin to sum up in', 'records', async (ask) => {
        const day = await ask.value<number>(
          `select day from (
            select hour / 24 as day, max(touched) as touched, max(touched_at) as touched_at
            from hour_state group by hour / 24 having count(*) filter (where rolled is null or rolled <> touched) = 0
          ) h where touched_at <= now_ms() - @quietMs::bigint
          and not exists (select 1 from day_state d where d.day = h.day and d.generation >= h.touched)
          and not exists (select 1 from part_begun p where p.first_time < (h.day + 1) * ${DAY} and p.last_time >= h.day * ${DAY})
          order by day limit 1`,
          { quietMs },
        )
        return day === undefined ? null : { at: day, generation: await nextTurn(ask) }
      }),
    finishDay: ({ at, generation }) =>
      db.commit('sum up in', 'records', async (ask) => {
        await ask.run(
          `insert into day_state (day, generation) values (@at, @generation)
          on conflict (day) do update set generation = excluded.generation, old = true
          where day_state.generation < excluded.generation`,
          { at, generation },
        )
      }),
    oldDays: (touchedAgoMs, most) =>
      db.read('read', (ask) =>
        ask.rows<Summed>(
          `select day as at, generation from day_state d where old
          and not ${TOUCHED_SINCE} h.touched_at > now_ms() - @touchedAgoMs::bigint) order by day limit @most::int`,
          { touchedAgoMs, most },
        ),
      ),
    forgetOldDays: (days) =>
      db.commit('forget old sums in', 'records', async (ask) => {
        for (const day of days)
          await ask.run('update day_state set old = false where day = @at and generation = @generation', { ...day })
      }),
  }
}

/** Nothing that was summed up of these hours holds any more. */
export async function touch(ask: Asked, from: number, to: number): Promise<void> {
  await ask.run(
    `insert into hour_state (hour, touched, touched_at)
    select hour, @turn::bigint, now_ms() from generate_series(@first::bigint, @last::bigint) as hour
    on conflict (hour) do update set touched = excluded.touched, touched_at = excluded.touched_at,
      old = hour_state.old or hour_state.rolled is not null`,
    { turn: await nextTurn(ask), first: hourOf(from), last: hourOf(to) },
  )
}

/** The same of many spans at once; null: there is none. */
export async function touchAll(
  ask: Asked,
  spans: readonly { from: number | null; to: number | null }[],
): Promise<void> {
  const hours = new Set<number>()
  for (const { from, to } of spans)
    if (from !== null && to !== null) for (let hour = hourOf(from); hour <= hourOf(to); hour++) hours.add(hour)
  if (hours.size === 0) return
  await ask.run(
    `insert into hour_state (hour, touched, touched_at) select hour, @turn::bigint, now_ms() from unnest(@hours::bigint[]) as hour
    on conflict (hour) do update set touched = excluded.touched, touched_at = excluded.touched_at,
      old = hour_state.old or hour_state.rolled is not null`,
    { turn: await nextTurn(ask), hours: [...hours] },
  )
}

/** Numbers of touches and of generations, one row. */
async function nextTurn(ask: Asked): Promise<number> {
  return (await ask.value<number>('update touch set counter = counter + 1 returning counter')) as number
}

const hourOf = (time: number): number => Math.floor(time / HOUR)
