/** A notifier as people send it, to one that is stored. Secrets come in, and never go out again. */
import { timeZoneOf } from '../../../schema/words/time-zone.js'
import { randomUUID } from 'node:crypto'
import type { NotifierDraft } from '../../../schema/api/alerts.js'
import type { StoredNotifier } from '../../../schema/store/alert-log.js'
import { badRequest } from '../../../schema/api/errors.js'
import { didYouMean } from '../../../schema/words/nearest.js'
import { DEFAULT_LANGUAGE, isLanguage, LANGUAGES } from '../../../schema/words/languages.js'
import { CHANNELS, findChannel } from '../../notifiers/index.js'
import { keepSettings } from '../../notifiers/keep.js'
import { USUAL_GROUPING } from '../backtest/noise.js'
import { DAY, formatDuration, HOUR, MINUTE, parseDuration } from '../../../schema/words/duration.js'

export interface CheckedNotifier {
  notifier: StoredNotifier
  /** names of secrets that were kept for another place, and are gone now */
  dropped: string[]
}

/** `before`: the notifier that is changed, null for a new one. Throws a RequestError that says what to do. */
export function checkNotifier(draft: NotifierDraft, before: StoredNotifier | null): CheckedNotifier {
  const channel = findChannel(draft.type)
  if (!channel) {
    const types = CHANNELS.map(({ type }) => type)
    throw badRequest(
      'UNKNOWN_TYPE',
      `"type": "${draft.type}" is no channel.${didYouMean(draft.type, types, 'There are')}`,
    )
  }
  if (before && before.type !== draft.type) {
    throw badRequest('OTHER_TYPE', `This notifier is a ${before.type}. Make a new one for ${draft.type}.`)
  }
  const { settings, secrets, dropped } = keepSettings(channel, draft.settings, before)
  const language = draft.language ?? before?.language ?? DEFAULT_LANGUAGE
  if (!isLanguage(language)) {
    throw badRequest(
      'UNKNOWN_LANGUAGE',
      `"language": "${language}" is not spoken here. Give one of: ${LANGUAGES.join(', ')}.`,
    )
  }
  const timeZone = draft.timeZone ?? before?.timeZone ?? 'UTC'
  if (timeZoneOf(timeZone) === null) {
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
  const notifier: StoredNotifier = {
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
  return { notifier, dropped }
}
