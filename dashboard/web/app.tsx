/** The map of the page: language, range, then the page that the address names. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { SPEECH } from '../../schema/words/languages.js'
import { loadWords, type Lang, type Words } from '../languages/index.js'
import { FailingDeliveries } from './parts/alerts/failing.js'
import { Announcer } from './parts/announcer.js'
import { DropTarget } from './parts/drop-target.js'
import { FilterBar, FilterSheet } from './parts/filter-bar.js'
import { Header } from './parts/header.js'
import { Misread } from './parts/misread.js'
import { ComparePicker } from './parts/compare-picker.js'
import { RangePicker, ZonePicker } from './parts/range-bar.js'
import { SignedOutNote, SignIn } from './parts/sign-in.js'
import { SearchDialog } from './parts/search.js'
import { ShortcutList, useShortcuts } from './parts/shortcuts.js'
import { UploadDock } from './parts/upload-dock.js'
import { SpeechContext, useWords } from './parts/words.js'
import { IncidentDialogs, IncidentPages } from './pages/incidents/lazy.js'
import { AlertPages } from './pages/alerts/lazy.js'
import {
  AccessPage,
  BatchesPage,
  BatchPage,
  ExplainPage,
  InputsPage,
  RecordPage,
  RecordsPage,
  SpikePage,
  StatusesPage,
  StatusPage,
} from './pages/later.js'
import { Overview } from './pages/overview.js'
import { UnknownPage } from './pages/unknown.js'
import { DAY } from '../../schema/words/duration.js'
import { visible } from '../../schema/words/visible.js'
import { annotating } from './state/annotations.js'
import { freezing } from './state/incidents.js'
import { AskedContext } from './state/asked.js'
import { now } from './state/clock.js'
import { createFormat } from './state/format.js'
import { extentOf } from './state/extent.js'
import { firstExtent, langOf, zoneIn } from './state/first.js'
import { setLive } from './state/live.js'
import { useMe } from './state/me.js'
import { pageTitle } from './state/page-title.js'
import { searching } from './state/searching.js'
import type { Asked } from './state/questions.js'
import { resolveRange, type Extent } from './state/range.js'
import { currentView, followLinks, useView } from './state/router.js'
import { useStore } from './state/store.js'
import { SummaryContext, useSummary } from './state/summary.js'
import { pathOf, type Page } from './state/url.js'

/** Pages whose figures follow the range and the filters. */
const RANGED: readonly Page['name'][] = ['overview', 'records', 'explain']

export function App() {
  const view = useView()
  const lang = langOf(view)
  const [loaded, setLoaded] = useState<{ lang: Lang; words: Words } | null>(null)
  useEffect(() => {
    let current = true
    let timer: ReturnType<typeof setTimeout>
    const load = (): void => {
      loadWords(lang).then(
        (words) => current && setLoaded({ lang, words }),
        () => {
          if (!current) return
          setLost(true)
          timer = setTimeout(load, againMs)
        },
      )
    }
    load()
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [lang])
  const [lost, setLost] = useState(false)
  const zone = zoneIn(view)
  const shownLang = loaded?.lang ?? lang
  const speech = useMemo(
    () => loaded && { w: loaded.words, f: createFormat(shownLang, zone) },
    [loaded, shownLang, zone],
  )
  useEffect(() => {
    document.documentElement.lang = SPEECH[shownLang].page
  }, [shownLang])
  useEffect(() => setLive(currentView().live), [])
  useEffect(() => {
    document.addEventListener('click', followLinks)
    return () => document.removeEventListener('click', followLinks)
  }, [])
  if (!speech) return lost ? <Lost lang={lang} /> : null
  return (
    <SpeechContext.Provider value={speech}>
      <Shell />
    </SpeechContext.Provider>
  )
}

/** So long after the service could not give the words they are asked for again, ms. */
const againMs = 3_000

/** The words themselves did not come: the only ones that are here without them. */
const LOST: { [L in Lang]: string } = {
  en: 'Faultline cannot be reached. This page tries again by itself.',
  fr: 'Faultline est injoignable. Cette page réessaie d’elle-même.',
  zh: '无法连接到 Faultline。本页会自动重试。',
}

function Lost({ lang }: { lang: Lang }) {
  return (
    <main>
      <p class="problem" role="alert" lang={lang}>
        {LOST[lang]}
      </p>
    </main>
  )
}

function Shell() {
  const { w, f } = useWords()
  const view = useView()
  useMe()
  const clock = useStore(now)
  const search = useStore(searching)
  const [help, setHelp] = useState(false)
  const open = [useStore(annotating), useStore(freezing)]
  const writing = open.some((one) => one !== null)
  const [extent, setExtent] = useState<Extent | null>(firstExtent.get())
  const span = useMemo(() => resolveRange(view.range, clock, extent), [view.range, clock, extent])
  // all of the view: tabs, columns and the kind of chart change no question, but what is shown of its answer
  const asked = useMemo<Asked | null>(() => span && { view, span, zone: f.zone, lang: f.lang }, [span, view, f])
  const summary = useSummary(asked)
  const seen = extentOf(summary)
  const toldAt = useRef(0)
  // the first answer tells what the store holds; `auto` and `all` follow it
  useEffect(() => {
    // a remembered answer tells what the store held then, not what it holds now
    if (!seen || summary.at < toldAt.current) return
    toldAt.current = summary.at
    // an export that begins days ago makes the last day look empty until its newest lines are there
    const caughtUp = extent !== null && extent.to < clock - DAY && seen.to >= clock - DAY
    const quiet = seen.quiet ?? (caughtUp ? false : (extent?.quiet ?? false))
    if (seen.from !== extent?.from || seen.to !== extent?.to || quiet !== extent.quiet) setExtent({ ...seen, quiet })
  }, [seen?.from, seen?.to, seen?.quiet])
  useShortcuts(asked, () => setHelp(true))
  const empty = summary.data?.extent.from === null
  usePageChange(view.page)
  const ranged = RANGED.includes(view.page.name) && !empty
  return (
    <AskedContext.Provider value={asked}>
      <SummaryContext.Provider value={summary}>
        <a class="skip" href="#content">
          {w.nav.skip}
        </a>
        {ranged && (
          <a class="skip" href="#toolbar">
            {w.nav.skipToTools}
          </a>
        )}
        <Header onHelp={() => setHelp(true)} />
        <SignedOutNote />
        <FailingDeliveries />
        {ranged && (
          <section id="toolbar" class="toolbar" tabIndex={-1} aria-label={w.filter.label}>
            <FilterSheet />
            <FilterBar />
            <div class="toolbar-time">
              <RangePicker />
              {view.page.name === 'overview' && <ComparePicker />}
              <ZonePicker />
            </div>
          </section>
        )}
        <main id="content" tabIndex={-1}>
          <Misread />
          <CurrentPage page={view.page} />
        </main>
        <UploadDock />
        <DropTarget />
        <Announcer />
        {writing && <IncidentDialogs />}
        <SignIn />
        {search && <SearchDialog />}
        {help && <ShortcutList onClose={() => setHelp(false)} />}
      </SummaryContext.Provider>
    </AskedContext.Provider>
  )
}

/** What the browser's tab says, and where a screen reader goes on, after a change of page. */
function usePageChange(page: Page): void {
  const { w } = useWords()
  const path = pathOf(page)
  const [first] = useState(path)
  const title = useStore(pageTitle)
  useEffect(() => {
    const names: { [N in Page['name']]?: string } = {
      ...w.nav,
      ...w.alerts.pages,
      access: w.access.title,
      spike: w.spike.title,
      explain: w.incidents.explain.title,
      annotations: w.incidents.annotations.title,
      incidents: w.incidents.title,
      incident: w.incidents.one,
      record: w.record.title,
      status: w.statuses.title,
      batch: w.batches.title,
    }
    const own = title ?? names[page.name]
    document.title = page.name === 'overview' || own === undefined ? 'Faultline' : `${visible(own)} · Faultline`
  }, [path, w, title])
  useEffect(() => {
    if (path !== first) document.getElementById('content')?.focus({ preventScroll: true })
  }, [path])
}

function CurrentPage({ page }: { page: Page }) {
  switch (page.name) {
    case 'overview':
      return <Overview />
    case 'records':
      return <RecordsPage />
    case 'record':
      return <RecordPage ray={page.id} />
    case 'batches':
      return <BatchesPage />
    case 'batch':
      return <BatchPage id={page.id} />
    case 'inputs':
      return <InputsPage />
    case 'statuses':
      return <StatusesPage />
    case 'status':
      return <StatusPage code={page.id} />
    case 'spike':
      return <SpikePage id={page.id} />
    case 'alerts':
    case 'alert':
    case 'rules':
    case 'rule':
    case 'silences':
    case 'notifiers':
    case 'notifier':
      return <AlertPages page={page} />
    case 'explain':
      return <ExplainPage />
    case 'annotations':
    case 'incidents':
    case 'incident':
      return <IncidentPages page={page} />
    case 'access':
      return <AccessPage />
    case 'unknown':
      return <UnknownPage />
  }
}
