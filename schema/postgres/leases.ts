/** Leases as rows: one statement each, by the ledger's clock. */
import type { Fence, Leases } from '../store/leases.js'
import type { Asked, Database } from './database.js'

export function leases(db: Database, holder: string): Leases {
  return {
    take: (lease, ms) => db.commit('take a lease in', null, (ask) => takeLease(ask, lease, holder, ms)),
    release: (fence) => db.commit('give a lease back in', null, (ask) => releaseLease(ask, fence.lease, holder)),
    now: () => db.read('ask the time of', async (ask) => (await ask.value<number>('select now_ms()')) as number),
  }
}

/** The token grows whenever it changes hands, and when it had run out. Null: another one holds it. */
export async function takeLease(ask: Asked, lease: string, holder: string, ms: number): Promise<Fence | null> {
  const token = await ask.value<number>(
    `insert into lease (name, holder, token, expires_at)
    values (@lease, @holder, 1, clock_timestamp() + @ms::float8 * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
      token = lease.token + case when lease.holder = excluded.holder and lease.expires_at > clock_timestamp() then 0 else 1 end
    where lease.holder = excluded.holder or lease.expires_at <= clock_timestamp()
    returning token`,
    { lease, holder, ms },
  )
  return token === undefined ? null : { lease, token }
}

export async function releaseLease(ask: Asked, lease: string, holder: string): Promise<void> {
  await ask.run("update lease set expires_at = '-infinity' where name = @lease and holder = @holder", { lease, holder })
}

/** Whoever holds it lives. False: it does not hold it (any more). */
export async function renewLease(ask: Asked, lease: string, holder: string, ms: number): Promise<boolean> {
  const renew = `update lease set expires_at = clock_timestamp() + @ms::float8 * interval '1 millisecond'
    where name = @lease and holder = @holder and expires_at > clock_timestamp()`
  return (await ask.run(renew, { lease, holder, ms })) > 0
}

/** Until the transaction ends nobody else takes it. False: it is another's, or its time is up. */
export async function holds(ask: Asked, { lease, token }: Fence): Promise<boolean> {
  const held = 'select 1 from lease where name = @lease and token = @token and expires_at > clock_timestamp() for share'
  return (await ask.value(held, { lease, token })) !== undefined
}
