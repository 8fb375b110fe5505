/** Days of records that rest elsewhere, summed up by the values of one dimension each. */
import type { Summed } from '../../store/beside.js'
import type { Connection } from '../database.js'

const DAY_MS = 86_400_000

/** Every call needs a transaction around it. */
export class DayTable {
  constructor(
    private readonly db: Connection,
    private readonly next: () => number,
  ) {}

  /** Days whose hours were not touched since they were summed up. */
  summed(from: number, to: number): Summed[] {
    const find = this.db.prepare(`select day as at, generation from day_state d where day between ? and ?
      and not exists (select 1 from hour_state h where h.hour between d.day * 24 and d.day * 24 + 23 and h.touched > d.generation)
      order by day`)
    return find.all(Math.floor(from / DAY_MS), Math.floor(to / DAY_MS)) as Summed[]
  }

  /**
   * A day to sum up now: its hours were summed up, not touched for a while, and without a part on its way. What touches it from now on has a higher number
   * than the generation, so that nobody has to wait until the sums are made.
   */
  begin(quietMs: number, now = Date.now()): Summed | null {
    const find = this.db.prepare(`select day from (
        select hour / 24 as day, max(touched) as touched, max(touched_at) as touched_at
        from hour_state group by hour / 24 having sum(rolled is null or rolled <> touched) = 0
      ) h where touched_at <= ? and not exists (select 1 from day_state d where d.day = h.day and d.generation >= h.touched)
      and not exists (select 1 from part_begun p where p.first_time < (h.day + 1) * ${DAY_MS} and p.last_time >= h.day * ${DAY_MS})
      order by day limit 1`)
    const day = find.pluck().get(now - quietMs) as number | undefined
    return day === undefined ? null : { at: day, generation: this.next() }
  }

  /** Read from now on, where nothing has touched it since. */
  finish({ at, generation }: Summed): void {
    const put = this.db.prepare(`insert into day_state (day, generation) values (?, ?)
      on conflict (day) do update set generation = excluded.generation, old = 1`)
    put.run(at, generation)
  }

  /** Days with sums of before that nobody can be reading any more. */
  old(touchedAgoMs: number, most: number, now = Date.now()): Summed[] {
    const find = this.db.prepare(`select day as at, generation from day_state d where old = 1
      and not exists (select 1 from hour_state h where h.hour between d.day * 24 and d.day * 24 + 23 and h.touched_at > ?)
      order by day limit ?`)
    return find.all(now - touchedAgoMs, most) as Summed[]
  }

  forgetOld(days: readonly Summed[]): void {
    const forget = this.db.prepare('update day_state set old = 0 where day = ? and generation = ?')
    for (const { at, generation } of days) forget.run(at, generation)
  }
}
