/** What people may see of a notifier's settings. */
import type { StoredNotifier } from '../../schema/store/alert-log.js'
import type { Setting } from './settings.js'

/** Stands for a secret: how long it is tells nothing either. */
const HIDDEN = '••••••••'
const SHOWN_END = 4
/** Of shorter ones the last characters would be too much of it. */
const LEAST_HIDDEN = 12

/** Host and last characters: enough to recognise an address, not enough to use it. */
export function shownAddress(text: string): string {
  if (!URL.canParse(text)) return HIDDEN
  const { origin, href } = new URL(text)
  const rest = href.slice(origin.length)
  if (rest.length <= 1) return origin
  return `${origin}/…${rest.length > LEAST_HIDDEN ? rest.slice(-SHOWN_END) : ''}`
}

/** Secrets as they are shown; null where none is set. */
export function shownSecrets(
  settings: readonly Setting[],
  { secrets }: StoredNotifier,
): { [name: string]: string | null } {
  const shown = ({ kind }: Setting, value: unknown): string => {
    if (kind === 'url') return shownAddress(String(value))
    if (kind === 'headers') {
      return Object.keys(value as object)
        .map((name) => `${name}: ${HIDDEN}`)
        .join('\n')
    }
    return HIDDEN
  }
  return Object.fromEntries(
    settings
      .filter((s) => s.secret)
      .map((s) => [s.name, secrets[s.name] === undefined ? null : shown(s, secrets[s.name])]),
  )
}

/** Where notices go, for people: the places that the settings name, without what is secret of them. */
export function shownDestination(settings: readonly Setting[], notifier: StoredNotifier): string {
  const open = notifier.settings
  return settings
    .filter((s) => s.destination)
    .map((s) => {
      const value = String(notifier.secrets[s.name] ?? open[s.name] ?? '')
      if (s.kind === 'url' && URL.canParse(value)) return s.secret ? shownAddress(value) : new URL(value).origin
      return s.secret ? HIDDEN : value
    })
    .filter((text) => text !== '')
    .join(':')
}
