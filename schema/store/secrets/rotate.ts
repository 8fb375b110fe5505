/** New keys for old: everything is sealed anew, and the old key opens nothing any more. */
import type { AlertLog } from '../alert-log.js'
import { keyTexts, newKeyText, openKeys, replaceKeyFile, type KeySource } from './keys.js'
import { sealSecrets } from './sealed-notifiers.js'

export interface Rotation {
  /** notifiers whose secrets rest under the new key */
  sealed: number
  /** names of those that no key here opens */
  unreadable: string[]
  /** where the new key is */
  key: 'setting' | 'file'
  /** a key file that opens nothing any more, since a setting gives the key */
  needless: string | null
}

/**
 * With a key in the setting its first one becomes the new one, and those behind it the old ones. Else the file gets a new
 * one. At every moment whatever rests can be opened by a key that is there, so this may be cut off and begun again.
 */
export async function rotateSecrets(log: AlertLog, source: KeySource, now: number): Promise<Rotation> {
  const { given, file } = source
  const before = file === null ? [] : keyTexts(file)
  if (given === null && file !== null) replaceKeyFile(file, [newKeyText(), ...before])
  const outcome = await sealSecrets(log, openKeys(source)).sealAnew(now)
  // what nobody could open may be opened by an old key once it is back: nothing of ours is thrown away then
  if (given === null && file !== null && outcome.unreadable.length === 0)
    replaceKeyFile(file, keyTexts(file).slice(0, 1))
  return {
    ...outcome,
    key: given === null ? 'file' : 'setting',
    needless: given !== null && before.length > 0 && outcome.unreadable.length === 0 ? file : null,
  }
}
