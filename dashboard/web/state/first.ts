/** What the page asks in any case, asked while its words are still on their way. */
import { loadWords, pickLang, type Lang } from '../../languages/index.js'
import type { Summary } from '../../../schema/api/reports.js'
import { askEarly, dropEarly } from './api.js'
import { now } from './clock.js'
import { extentOf } from './extent.js'
import { zoneOf } from './format.js'
import { storedLang, storedZone } from './prefs.js'
import { percentilesPath, spikesPath, summaryPath, timeseriesPath, type Asked } from './questions.js'
import { resolveRange, type Extent } from './range.js'
import { currentView } from './router.js'
import { createStore } from './store.js'
import type { View } from './url.js'

export const langOf = (view: View): Lang => pickLang([view.lang, storedLang(), ...navigator.languages])
export const zoneIn = (view: View): string => zoneOf(view.tz ?? storedZone() ?? 'UTC')

/** What the first answer tells of the store, where that changes the range: who begins later begins with it. */
export const firstExtent = createStore<Extent | null>(null)

export function askFirst(): void {
  const view = currentView()
  const lang = langOf(view)
  loadWords(lang).catch(() => {})
  const span = resolveRange(view.range, now.get(), null)
  const asked: Asked | null = span && { view, span, zone: zoneIn(view), lang }
  const summary = asked ? askAll(asked) : askEarly<Summary>('summary')
  // logs of the past: their own range is asked for before the page has drawn that the last day is empty
  summary.then(
    (data) => {
      const extent = extentOf({ data, question: asked })
      const known = extent && resolveRange(view.range, now.get(), extent)
      if (!known || (span && known.from === span.from && known.to === span.to)) return
      firstExtent.set(extent)
      dropEarly()
      void askAll({ view, span: known, zone: zoneIn(view), lang })
    },
    () => {},
  )
}

let askedAt: number | null = null

/** So long after the first questions whoever waits for an answer waits for theirs, ms. */
const firstMs = 5_000

/** Of so much patience, ms, what is left to whoever begins to wait: the first questions were asked before there was anybody to wait. */
export function patienceLeft(ms: number): number {
  const waited = askedAt === null ? Infinity : performance.now() - askedAt
  return waited < firstMs ? Math.max(0, ms - waited) : ms
}

function askAll(asked: Asked): Promise<Summary> {
  askedAt = performance.now()
  const summary = askEarly<Summary>(summaryPath(asked))
  if (asked.view.page.name === 'overview') {
    void askEarly(spikesPath(asked))
    void askEarly(timeseriesPath(asked, 'class', false))
    void askEarly(percentilesPath(asked))
  }
  return summary
}
