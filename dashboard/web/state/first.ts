/** What the page asks in any case, asked while its words are still on their way. */
import { loadWords, pickLang, type Lang } from '../../languages/index.js'
import { askEarly } from './api.js'
import { now } from './clock.js'
import { zoneOf } from './format.js'
import { storedLang, storedZone } from './prefs.js'
import { percentilesPath, spikesPath, summaryPath, timeseriesPath, type Asked } from './questions.js'
import { resolveRange } from './range.js'
import { currentView } from './router.js'
import type { View } from './url.js'

export const langOf = (view: View): Lang => pickLang([view.lang, storedLang(), ...navigator.languages])
export const zoneIn = (view: View): string => zoneOf(view.tz ?? storedZone() ?? 'UTC')

export function askFirst(): void {
  const view = currentView()
  const lang = langOf(view)
  loadWords(lang).catch(() => {})
  const span = resolveRange(view.range, now.get(), null)
  if (!span) return askEarly('summary')
  const asked: Asked = { view, span, zone: zoneIn(view), lang }
  askEarly(summaryPath(asked))
  if (view.page.name !== 'overview') return
  askEarly(spikesPath(asked))
  askEarly(timeseriesPath(asked, 'class', false))
  askEarly(percentilesPath(asked))
}
