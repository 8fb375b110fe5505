/** Hours of records that rest elsewhere: touched before they change, and which were summed up since. */
import type { Summed } from '../../store/beside.js'
import type { Connection } from '../database.js'
import { returned } from '../returned.js'

const HOUR_MS = 3_600_000

/** Every call needs a transaction around it. */
export class HourTable {
  constructor(private readonly db: Connection) {}

  /** Nothing that was summed up of these hours holds any more. Times are epoch ms, the last one included. */
  touch(from: number, to: number, now = Date.now()): void {
    const turn = this.next()
    const put = this.db.prepare(`insert into hour_state (hour, touched, touched_at) values (?, ?, ?)
      on conflict (hour) do update set touched = excluded.touched, touched_at = excluded.touched_at,
        old = old or rolled is not null`)
    for (let hour = hourOf(from); hour <= hourOf(to); hour++) put.run(hour, turn, now)
  }

  /** All that there are before a time. */
  touchBefore(before: number, now = Date.now()): void {
    const touch = this.db.prepare(
      'update hour_state set touched = ?, touched_at = ?, old = old or rolled is not null where hour <= ?',
    )
    touch.run(this.next(), now, hourOf(before))
  }

  summed(from: number, to: number): Summed[] {
    const find = this.db.prepare(`select hour as at, rolled as generation from hour_state
      where hour between ? and ? and rolled = touched order by hour`)
    return find.all(hourOf(from), hourOf(to)) as Summed[]
  }

  unsummed(): number[] {
    const find = this.db.prepare('select hour from hour_state where rolled is null or rolled <> touched order by hour')
    return find.pluck().all() as number[]
  }

  /**
   * Hours to sum up now, all of one day: not touched for a while, and without a part on its way. They get a new generation, so
   * that an attempt that failed leaves nothing that is read.
   */
  beginSums(quietMs: number, most: number, now = Date.now()): { hours: number[]; generation: number } | null {
    const find = this.db
      .prepare(`select hour from hour_state h where (rolled is null or rolled <> touched) and touched_at <= ?
      and not exists (select 1 from part_begun p where p.first_time < (h.hour + 1) * ${HOUR_MS} and p.last_time >= h.hour * ${HOUR_MS})
      order by hour limit ?`)
    const quiet = find.pluck().all(now - quietMs, most) as number[]
    const hours = quiet.filter((hour) => Math.floor(hour / 24) === Math.floor(quiet[0] / 24))
    if (hours.length === 0) return null
    const generation = this.next()
    // an attempt that fails leaves some as well
    const mark = this.db.prepare('update hour_state set touched = ?, old = old or rolled is not null where hour = ?')
    for (const hour of hours) mark.run(generation, hour)
    return { hours, generation }
  }

  /** Read from now on, where nothing has touched them since. */
  finishSums(generation: number): void {
    this.db.prepare('update hour_state set rolled = ? where touched = ?').run(generation, generation)
  }

  /** Hours with sums of before that nobody can be reading any more: whoever reads them began before they were touched. */
  oldSums(touchedAgoMs: number, most: number, now = Date.now()): Summed[] {
    const find = this.db.prepare(`select hour as at, case when rolled = touched then rolled else 0 end as generation
      from hour_state where old = 1 and touched_at <= ? order by hour limit ?`)
    return find.all(now - touchedAgoMs, most) as Summed[]
  }

  /** They are gone. */
  forgetOldSums(hours: readonly Summed[]): void {
    const forget = this.db.prepare('update hour_state set old = 0 where hour = ?')
    for (const { at } of hours) forget.run(at)
  }

  /** Numbers of touches and of generations, one row. */
  next(): number {
    return returned(this.db.prepare('update touch set counter = counter + 1 returning counter').pluck()) as number
  }
}

const hourOf = (time: number): number => Math.floor(time / HOUR_MS)
