/**
 * Settings as people send them, to those that are stored. Secrets come in and never go out again, and whoever may change
 * a notifier but does not know its secrets must not be able to have them sent elsewhere, or over a weaker line.
 */
import type { StoredNotifier } from '../../schema/store/alert-log.js'
import { badRequest, type RequestError } from '../../schema/api/errors.js'
import { DEFAULT_LANGUAGE } from '../../schema/words/languages.js'
import { didYouMean } from '../../schema/words/nearest.js'
import type { Channel } from './notifier.js'
import { settingProblem, type Setting } from './settings.js'

export type Given = { readonly [name: string]: unknown }
type Kept = Pick<StoredNotifier, 'settings' | 'secrets'>

export interface KeptSettings extends Kept {
  /** secrets that were kept for another place, and are gone now */
  dropped: string[]
}

/** `before`: what was stored, null for a new one. Throws a RequestError that says what to do. */
export function keepSettings(channel: Channel, given: Given, before: Kept | null): KeptSettings {
  const names = channel.settings.map((s) => s.name)
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue
    throw badRequest(
      'UNKNOWN_SETTING',
      `"settings.${name}" is no setting of ${channel.type}.${didYouMean(name, names, 'There are')}`,
    )
  }
  const moved = before !== null && isMoved(channel, given, before)
  const dropped = moved ? keptSecrets(channel, given, before) : []
  if (before && !moved) refuseLoosening(channel, given, before)
  const out: KeptSettings = { settings: {}, secrets: {}, dropped: dropped.map((s) => s.name) }
  for (const setting of channel.settings) {
    const value = valueOf(channel, setting, given[setting.name], dropped.includes(setting) ? null : before)
    if (value === undefined) {
      if (setting.required) throw missing(channel, setting, dropped.includes(setting))
      continue
    }
    const place = setting.secret ? out.secrets : out.settings
    place[setting.name] = value
  }
  return out
}

/** Left out: stays as it was. Null or empty: goes. */
function valueOf(channel: Channel, setting: Setting, given: unknown, before: Kept | null): unknown {
  const kept = stored(setting, before)
  if (given === undefined) return kept
  if (given === null || given === '') return undefined
  const problem = settingProblem(setting, given)
  if (problem) {
    throw badRequest('BAD_SETTING', `"settings.${setting.name}" (${labelOf(channel, setting)}) must be ${problem}.`)
  }
  switch (setting.kind) {
    case 'headers':
      return withKept(given as { [name: string]: string | null }, kept)
    case 'list':
      return Array.isArray(given) ? given : [given]
    default:
      return typeof given === 'string' ? given.trim() : given
  }
}

/** A header that is named without a value keeps the one it had. */
function withKept(given: { [name: string]: string | null }, kept: unknown): { [name: string]: string } | undefined {
  const before = (kept ?? {}) as { [name: string]: string }
  const entries = Object.entries(given).flatMap(([name, text]): [string, string][] => {
    const value = text === null ? before[name] : text
    return value === undefined ? [] : [[name, value]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

const stored = ({ name, secret }: Setting, before: Kept | null): unknown =>
  secret ? before?.secrets[name] : before?.settings[name]

/** Secrets that were stored and are not given now. */
const keptSecrets = ({ settings }: Channel, given: Given, before: Kept): Setting[] =>
  settings.filter((s) => s.secret && !s.destination && isKept(given[s.name]) && before.secrets[s.name] !== undefined)

/** Headers that only name what they had are kept ones too. */
const isKept = (given: unknown): boolean =>
  given === undefined || (typeof given === 'object' && given !== null && Object.values(given).includes(null))

function isMoved(channel: Channel, given: Given, before: Kept): boolean {
  return channel.settings.some((setting) => {
    const next = given[setting.name]
    return (
      setting.destination && next !== undefined && placeOf(setting, next) !== placeOf(setting, stored(setting, before))
    )
  })
}

/** What of a value says where notices go: of an address its origin. */
function placeOf({ kind }: Setting, value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = String(value).trim()
  return kind === 'url' && URL.canParse(text) ? new URL(text).origin : text.toLowerCase()
}

function refuseLoosening(channel: Channel, given: Given, before: Kept): void {
  const loosened = channel.settings.filter((setting) => {
    if (setting.protects === null || given[setting.name] === undefined) return false
    const [was, is] = [stored(setting, before) === true, given[setting.name] === true]
    return setting.protects ? was && !is : !was && is
  })
  if (loosened.length === 0) return
  const kept = keptSecrets(channel, given, before)
  if (kept.length === 0) return
  const named = (settings: readonly Setting[]) =>
    settings.map((s) => `"settings.${s.name}" (${labelOf(channel, s)})`).join(' and ')
  throw badRequest(
    'SECRET_NEEDED',
    `With ${named(loosened)} changed, secrets are less protected on their way: give ${named(kept)} again, or null to leave it out.`,
  )
}

function missing(channel: Channel, setting: Setting, dropped: boolean): RequestError {
  const { label, help } = wordsOf(channel, setting)
  return badRequest(
    'MISSING_SETTING',
    dropped
      ? `"settings.${setting.name}" (${label}) must be given again: notices would go to another place now, and what was kept for the old one does not go there.`
      : `"settings.${setting.name}" (${label}) is missing. ${help}`,
  )
}

const wordsOf = (channel: Channel, { name }: Setting) => channel.words[DEFAULT_LANGUAGE].settings[name]
const labelOf = (channel: Channel, setting: Setting): string => wordsOf(channel, setting).label
