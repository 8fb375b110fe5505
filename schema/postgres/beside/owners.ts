/** Which processes write, by the ledger's clock. */
import { hostname } from 'node:os'
import { ABANDONED, isDead, type Owner } from '../../store/owners.js'
import type { Asked } from '../database.js'

export async function beat(ask: Asked, owner: string): Promise<void> {
  await ask.run(
    `insert into owner (id, host, pid, seen_at) values (@owner, @host, @pid, now_ms())
    on conflict (id) do update set seen_at = excluded.seen_at`,
    { owner, host: hostname(), pid: process.pid },
  )
}

/** Marks open batches of dead owners as aborted; `living`: owners of this process. */
export async function abandonDead(ask: Asked, owner: string, living: readonly string[]): Promise<void> {
  const hasOpen = "exists (select 1 from batch where owner = owner.id and state = 'open')"
  const others = await ask.rows<Owner & { now: number }>(
    `select id, host, pid, seen_at, now_ms() as now from owner where id <> @owner and ${hasOpen}`,
    { owner },
  )
  const dead = others.filter((other) => !living.includes(other.id) && isDead(other, other.now)).map(({ id }) => id)
  if (dead.length === 0) return
  await ask.run(
    `update batch set state = 'aborted', message = @abandoned, owner = null where owner = any(@dead) and state = 'open'`,
    { abandoned: ABANDONED, dead },
  )
  await ask.run(`delete from owner where id <> @owner and not ${hasOpen}`, { owner })
}

/** Who holds a lease and is known to be gone: its process ended on this machine. */
export async function deadHolder(ask: Asked, lease: string, living: readonly string[]): Promise<string | null> {
  const holder = await ask.row<Owner & { now: number }>(
    `select o.id, o.host, o.pid, o.seen_at, now_ms() as now from lease l join owner o on o.id = l.holder where l.name = @lease`,
    { lease },
  )
  return holder !== undefined && !living.includes(holder.id) && isDead(holder, holder.now) ? holder.id : null
}
