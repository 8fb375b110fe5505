/** Which store a ledger is of: its name and its key are written in both. Each call is one transaction. */
import { randomBytes } from 'node:crypto'
import { hexOfKey, keyOfHex, type IdentityKey } from '../../store/identity.js'
import type { Connection } from '../database.js'
import { keepIdentityKey } from '../identity-key.js'

export class Belonging {
  constructor(
    private readonly db: Connection,
    private readonly read: <T>(work: () => T) => T,
    private readonly commit: <T>(tried: string, work: () => T) => T,
  ) {}

  /** Which store's ledger this is, and its key; both null in a new one. */
  belongsTo(): { store: string | null; key: IdentityKey | null } {
    return this.read(() => {
      const key = this.setting('identity-key')
      return { store: this.setting('store-id'), key: key === null ? null : keyOfHex(key) }
    })
  }

  /** Makes it that store's. `batches`: numbers up to this one are taken there. */
  assign(store: string, key: IdentityKey | null, batches: number): IdentityKey {
    return this.commit('keep the name of the store in', () => {
      this.put('store-id', store)
      const hex = key === null ? (this.setting('identity-key') ?? randomBytes(16).toString('hex')) : hexOfKey(key)
      keepIdentityKey(this.db, hex)
      const sequence = this.db.prepare("select seq from sqlite_sequence where name = 'batch'").pluck().get() as
        number | undefined
      if ((sequence ?? 0) < batches) {
        this.db.prepare("delete from sqlite_sequence where name = 'batch'").run()
        this.db.prepare("insert into sqlite_sequence (name, seq) values ('batch', ?)").run(batches)
      }
      return keyOfHex(hex)
    })
  }

  keepKey(key: IdentityKey): void {
    this.commit('keep the identity key of', () => keepIdentityKey(this.db, hexOfKey(key)))
  }

  private setting(name: string): string | null {
    return (this.db.prepare('select value from setting where name = ?').pluck().get(name) as string | undefined) ?? null
  }

  private put(name: string, value: string): void {
    const put = this.db.prepare(`insert into setting (name, value) values (?, ?)
      on conflict (name) do update set value = excluded.value`)
    put.run(name, value)
  }
}
