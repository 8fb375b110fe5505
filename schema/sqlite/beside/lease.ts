/** One at a time, over processes: who holds a lease is known by its process, and whoever is dead holds nothing. */
import { hostname } from 'node:os'
import { isDead, type Owner } from '../../store/owners.js'
import type { Connection } from '../database.js'

export class Lease {
  private readonly holder
  private readonly put
  private readonly seen
  private readonly drop

  constructor(
    db: Connection,
    private readonly name: string,
    private readonly owner: string,
  ) {
    this.holder = db.prepare('select owner as id, host, pid, seen_at from lease where name = ?')
    this.put = db.prepare(`insert into lease (name, owner, host, pid, seen_at) values (?, ?, ?, ?, ?)
      on conflict (name) do update set owner = excluded.owner, host = excluded.host, pid = excluded.pid, seen_at = excluded.seen_at`)
    this.seen = db.prepare('update lease set seen_at = ? where name = ? and owner = ?')
    this.drop = db.prepare('delete from lease where name = ? and owner = ?')
  }

  /** False: another one, who lives, holds it. `living`: the owners in this process. Needs a transaction around it. */
  take(living: readonly string[], now = Date.now()): boolean {
    const holder = this.holder.get(this.name) as Owner | undefined
    const free =
      holder === undefined || holder.id === this.owner || (!living.includes(holder.id) && isDead(holder, now))
    if (free) this.put.run(this.name, this.owner, hostname(), process.pid, now)
    return free
  }

  /** Says that its holder lives. */
  beat(now = Date.now()): void {
    this.seen.run(now, this.name, this.owner)
  }

  release(): void {
    this.drop.run(this.name, this.owner)
  }
}
