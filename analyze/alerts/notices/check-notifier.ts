/** A notifier as people send it, to one that is stored. Secrets come in, and never go out again. */
import { IANAZone } from 'luxon'
import { randomUUID } from 'node:crypto'
import type { NotifierDraft } from '../../../schema/api/alerts.js'
import type { StoredNotifier } from '../../../schema/store/alert-log.js'
import { badRequest } from '../../../schema/api/errors.js'
import { isLanguage } from '../../../schema/words/languages.js'
import { CHANNELS } from '../../notifiers/index.js'
import type { SettingField } from '../../notifiers/notifier.js'
import { USUAL_GROUPING } from '../backtest/noise.js'
import { DAY, formatDuration, HOUR, MINUTE, parseDuration } from '../../../schema/words/duration.js'

const MOST_TEXT = 4_000

/** `before`: the notifier that is changed, null for a new one. Throws a RequestError that says what to do. */
export function checkNotifier(draft: NotifierDraft, before: StoredNotifier | null): StoredNotifier {
  const channel = CHANNELS[draft.type]
  if (before && before.type !== draft.type) {
    throw badRequest('OTHER_TYPE', `This notifier is a ${before.type}. Make a new one for ${draft.type}.`)
  }
  const { settings, secrets } = splitSettings(channel.settings, draft, before)
  const language = draft.language ?? before?.language ?? 'en'
  if (!isLanguage(language)) {
    throw badRequest('UNKNOWN_LANGUAGE', `"language": "${language}" is not spoken here. Give en, fr or zh.`)
  }
  const timeZone = draft.timeZone ?? before?.timeZone ?? 'UTC'
  if (!IANAZone.isValidZone(timeZone)) {
    throw badRequest('BAD_ZONE', `"timeZone": "${timeZone}" is no time zone. Write it like Europe/Paris.`)
  }
  const interval = (name: 'groupWait' | 'groupInterval' | 'repeatInterval', least: number, most: number): number => {
    const text = draft[name]
    if (text === undefined) return before?.[name] ?? USUAL_GROUPING[name]
    const ms = parseDuration(text)
    if (ms === null || ms < least || ms > most) {
      throw badRequest(
        'BAD_DURATION',
        `"${name}": "${text}" must be a duration from ${formatDuration(least)} to ${formatDuration(most)}, like 5m.`,
      )
    }
    return ms
  }
  return {
    id: before?.id ?? randomUUID(),
    name: draft.name.trim(),
    type: draft.type,
    enabled: draft.enabled ?? before?.enabled ?? true,
    language,
    timeZone,
    severities: draft.severities ?? before?.severities ?? [],
    matchers: draft.matchers ?? before?.matchers ?? [],
    sendResolved: draft.sendResolved ?? before?.sendResolved ?? true,
    groupBy: draft.groupBy ?? before?.groupBy ?? USUAL_GROUPING.groupBy,
    groupWait: interval('groupWait', 0, HOUR),
    groupInterval: interval('groupInterval', 0, DAY),
    repeatInterval: interval('repeatInterval', MINUTE, 30 * DAY),
    settings,
    secrets,
  }
}

function splitSettings(
  fields: readonly SettingField[],
  draft: NotifierDraft,
  before: StoredNotifier | null,
): Pick<StoredNotifier, 'settings' | 'secrets'> {
  for (const name of Object.keys(draft.settings)) {
    if (!fields.some((f) => f.name === name)) {
      throw badRequest(
        'UNKNOWN_SETTING',
        `"settings.${name}" is no setting of ${draft.type}. There are: ${fields.map((f) => f.name).join(', ')}.`,
      )
    }
  }
  const settings: StoredNotifier['settings'] = {}
  const secrets: StoredNotifier['secrets'] = {}
  for (const field of fields) {
    const given = draft.settings[field.name]
    const kept = field.secret ? before?.secrets[field.name] : before?.settings[field.name]
    const value = given === undefined ? kept : given === null || given === '' ? undefined : checkSetting(field, given)
    if (value === undefined) {
      if (field.required) {
        throw badRequest('MISSING_SETTING', `"settings.${field.name}" (${field.label}) is missing. ${field.help}`)
      }
      continue
    }
    if (field.secret) secrets[field.name] = String(value)
    else settings[field.name] = value
  }
  if (before) guardSecrets(fields, draft, before, settings)
  return { settings, secrets }
}

/**
 * Whoever may change a notifier but does not know its secrets must not be able to have them sent to an address of
 * their own.
 */
function guardSecrets(
  fields: readonly SettingField[],
  draft: NotifierDraft,
  before: StoredNotifier,
  settings: StoredNotifier['settings'],
): void {
  const moved =
    fields.some((f) => f.destination && !f.secret && settings[f.name] !== before.settings[f.name]) ||
    fields.some(
      (f) =>
        f.destination &&
        f.secret &&
        draft.settings[f.name] !== undefined &&
        draft.settings[f.name] !== before.secrets[f.name],
    )
  if (!moved) return
  const kept = fields.filter(
    (f) => f.secret && !f.destination && draft.settings[f.name] === undefined && before.secrets[f.name] !== undefined,
  )
  if (kept.length > 0) {
    throw badRequest(
      'SECRET_NEEDED',
      `Notices would go elsewhere now: give ${kept.map((f) => `"settings.${f.name}" (${f.label})`).join(' and ')} again, or null to leave it out.`,
    )
  }
}

function checkSetting(field: SettingField, value: unknown): unknown {
  const refuse = (form: string): never => {
    throw badRequest('BAD_SETTING', `"settings.${field.name}" (${field.label}) must be ${form}.`)
  }
  const isUrl = field.kind === 'url' || (field.secret && field.destination)
  switch (field.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse('true or false')
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536
        ? value
        : refuse('a port from 1 to 65535')
    case 'list': {
      const list = Array.isArray(value) ? value : [value]
      return list.length <= 50 && list.every((one) => typeof one === 'string' && /^[^\s,;<>]+@[^\s,;<>]+$/.test(one))
        ? list
        : refuse('a list of at most 50 addresses, like ops@example.com')
    }
    case 'headers': {
      const fine =
        typeof value === 'object' &&
        value !== null &&
        Object.entries(value).every(
          ([name, text]) =>
            /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && typeof text === 'string' && /^[\t\x20-\x7e]*$/.test(text),
        )
      return fine ? value : refuse('a mapping of header names to texts in ASCII')
    }
    default: {
      if (typeof value !== 'string' || value.length > MOST_TEXT || /[\r\n\0]/.test(value)) {
        return refuse(`one line of at most ${MOST_TEXT} characters`)
      }
      if (isUrl && !(URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) {
        return refuse('a URL that begins with https:// or http://')
      }
      if (isUrl && (new URL(value).username || new URL(value).password)) {
        return refuse('a URL without user and password in it')
      }
      return value.trim()
    }
  }
}
