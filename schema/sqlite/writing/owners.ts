/**
 * Who is writing which open batch. Several processes may write one file (`ingest` beside a running `serve`); a batch
 * whose process was killed must not stay open for ever, one whose process lives must not be closed over its head.
 */
import { hostname } from 'node:os'
import { ABANDONED, BEAT_MS, isDead, type Owner } from '../../store/owners.js'
import type { Connection } from '../database.js'

export class Owners {
  private beatenAt = 0
  private readonly upsert
  private readonly others
  private readonly abandon
  private readonly forget

  constructor(
    private readonly db: Connection,
    readonly id: string,
  ) {
    const hasOpen = "exists (select 1 from batch where owner = owner.id and state = 'open')"
    this.upsert = db.prepare(`insert into owner (id, host, pid, seen_at) values (?, ?, ?, ?)
      on conflict (id) do update set seen_at = excluded.seen_at`)
    this.others = db.prepare(`select id, host, pid, seen_at from owner where id <> ? and ${hasOpen}`)
    this.abandon = db.prepare(`update batch set state = 'aborted', message = ?, owner = null
      where owner = ? and state = 'open'`)
    this.forget = db.prepare(`delete from owner where id <> ? and not ${hasOpen}`)
  }

  /** Says that this owner lives; at most every BEAT_MS unless it is the first time. */
  beat(now = Date.now()): void {
    if (now - this.beatenAt < BEAT_MS) return
    this.upsert.run(this.id, hostname(), process.pid, now)
    this.beatenAt = now
  }

  /** Marks open batches of dead owners as aborted; `living`: owners of this process. Says whether there were any. */
  abandonDead(living: readonly string[], now = Date.now()): boolean {
    const dead = () =>
      (this.others.all(this.id) as Owner[]).filter((owner) => !living.includes(owner.id) && isDead(owner, now))
    if (dead().length === 0) return false
    this.db
      .transaction(() => {
        for (const owner of dead()) this.abandon.run(ABANDONED, owner.id)
        this.forget.run(this.id)
      })
      .immediate()
    return true
  }
}
