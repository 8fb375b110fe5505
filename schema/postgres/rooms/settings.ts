/** Settings by name. Names of the store's own lie beside them without the prefix. */
import type { Settings } from '../../store/ledger/settings.js'
import type { Asked, Database } from '../database.js'

export function settings(db: Database): Settings {
  return {
    get: (name) => db.read('read', (ask) => setting(ask, `user:${name}`)),
    set: (name, value) => db.commit('keep a setting in', null, (ask) => keepSetting(ask, `user:${name}`, value)),
  }
}

export async function setting(ask: Asked, name: string): Promise<string | null> {
  return (await ask.value<string>('select value from setting where name = @name', { name })) ?? null
}

export async function keepSetting(ask: Asked, name: string, value: string): Promise<void> {
  await ask.run(
    'insert into setting (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value',
    { name, value },
  )
}
