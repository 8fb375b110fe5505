/** The secret of a store: what tells requests apart is hashed with it, and the texts of its dictionaries. */
import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { keyOfHex, type IdentityKey } from '../store/identity.js'
import { textKeyOf, type TextKey } from './columns/text-hash.js'
import type { Connection } from './database.js'
import { damaged } from './segments/checksum.js'

const NAME = 'identity-key'
/** A key that is another one finds nothing and takes nothing for known, without an error. */
const CHECK = 'identity-key-crc'

/** Made when a store is opened to write; one with records has had one since its first. Needs a transaction around it. */
export function ensureIdentityKey(db: Connection): void {
  const value = settingOf(db, NAME)
  if (value === undefined) {
    if (db.prepare('select 1 from segment union all select 1 from counted_segment').get() !== undefined)
      throw damaged('its key is gone')
    keepIdentityKey(db, randomBytes(16).toString('hex'))
  } else if (settingOf(db, CHECK) === undefined) keepIdentityKey(db, value)
}

export function keepIdentityKey(db: Connection, text: string): void {
  const keep = db.prepare(`insert into setting (name, value) values (?, ?)
    on conflict (name) do update set value = excluded.value`)
  keep.run(NAME, text)
  keep.run(CHECK, String(crc32(text)))
}

export class Keys {
  private readonly statement
  private known: { text: string; key: IdentityKey; textKey: TextKey } | undefined

  constructor(db: Connection) {
    this.statement = db.prepare(`select
      (select value from setting where name = '${NAME}') as text,
      (select value from setting where name = '${CHECK}') as crc`)
  }

  get identity(): IdentityKey {
    return this.read().key
  }

  get text(): TextKey {
    return this.read().textKey
  }

  /** Asked anew each time: as long as a store is empty, another process may give it the key of another store. */
  private read(): NonNullable<Keys['known']> {
    const { text, crc } = this.statement.get() as { text: string | null; crc: string | null }
    if (text === null || String(crc32(text)) !== crc) throw damaged('its key is not the one that it was')
    if (this.known?.text === text) return this.known
    const key = keyOfHex(text)
    return (this.known = { text, key, textKey: textKeyOf(key) })
  }
}

function settingOf(db: Connection, name: string): string | undefined {
  return db.prepare('select value from setting where name = ?').pluck().get(name) as string | undefined
}
