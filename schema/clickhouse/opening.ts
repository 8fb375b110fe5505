/** The tables and the ledger are of one store: who they are is written in both. */
import { keyOfHex, type IdentityKey } from '../store/identity.js'
import { StoreError } from '../store/store-error.js'
import { aboutStore, keepAbout, newStore } from './layout.js'
import { migrate } from './migrations/migrate.js'
import type { StorePlace } from './url.js'
import type { Writing } from './writing/batches.js'
import { alone } from './turns.js'

/** Gives the key of the identity hash. Rejects with a StoreError where the two are not of one store. */
export async function openTogether(writing: Writing, place: StorePlace): Promise<IdentityKey> {
  const { connection, tables, ledger } = writing
  // two that start at once: one of them makes the store
  return alone(ledger, async () => {
    await migrate(writing, place.cluster)
    const said = await aboutStore(connection, tables)
    const about = { store: said.get('store-id') ?? null, key: keyOf(said.get('identity-key')) }
    const here = await ledger.notes.belongsTo()
    if (about.store === null) {
      if (here.store !== null && here.store !== 'unnamed') {
        const message = `The ledger ${ledger.place} is of another store: the tables of ${place.url} are new. Name a ledger of its own (?ledger=sqlite:PATH), or the database that it belongs to.`
        throw new StoreError('STORE_UNUSABLE', message)
      }
      const key = await ledger.notes.assign('unnamed', null, 0)
      const made = newStore(key)
      await keepAbout(connection, tables, made)
      await ledger.notes.assign(made['store-id'], key, 0)
      return key
    }
    if (here.store === about.store && here.key !== null) return here.key
    if (here.store !== null && here.store !== 'unnamed') {
      const message = `The ledger ${ledger.place} is of another store than ${place.url}. Name the ledger that belongs to it (?ledger=sqlite:PATH).`
      throw new StoreError('STORE_UNUSABLE', message)
    }
    const [[records] = [], [highest] = []] = await connection.columns(
      `SELECT toFloat64(count()), toFloat64(max(batch)) FROM ${tables.records}`,
    )
    if (Number(records ?? 0) > 0 && !place.newLedger) {
      const message = `${place.url} holds records, and the ledger ${ledger.place} is a new one. Name the ledger that belongs to it (?ledger=sqlite:PATH), or restore it from a backup. Where it is lost for good, ?new-ledger=true begins another: records stay and are still known when they come again; reports of batches, tokens, rules, annotations and the audit log are gone.`
      throw new StoreError('STORE_UNUSABLE', message)
    }
    return ledger.notes.assign(about.store, about.key, Number(highest ?? 0))
  })
}

const keyOf = (hex: string | undefined): IdentityKey | null => (hex === undefined ? null : keyOfHex(hex))
