/** The top of every page: where one is, and the tools that concern all pages. */
import { LANGS, type Lang, type Words } from '../../languages/index.js'
import { reachable } from '../state/api.js'
import { refresh } from '../state/clock.js'
import { live, setLive } from '../state/live.js'
import { remember, setTheme, theme, type Theme } from '../state/prefs.js'
import { change, linkTo, useView } from '../state/router.js'
import { useStore } from '../state/store.js'
import type { Page } from '../state/url.js'
import { alertsAbsent } from '../state/alerts.js'
import { statusesAbsent } from '../state/features.js'
import { FiringBadge } from './alerts/firing-badge.js'
import { ALERT_PAGES } from './alerts/section-nav.js'
import { FileButton } from './file-button.js'
import { Icon, type IconName } from './icon.js'
import { Popover, onArrows } from './popover.js'
import { searching } from '../state/searching.js'
import { useWords } from './words.js'

interface Door {
  name: Page['name'] & keyof Words['nav']
  icon: IconName
  /** pages that belong to it */
  also: readonly Page['name'][]
}

/** What one goes to in a trouble; the only ones in the bar of a phone. */
const FIRST: readonly Door[] = [
  { name: 'overview', icon: 'overview', also: ['spike', 'explain'] },
  { name: 'records', icon: 'list', also: ['record'] },
  { name: 'incidents', icon: 'snow', also: ['incident', 'annotations'] },
]
/** Behind "More" there. */
const REST: readonly Door[] = [
  { name: 'batches', icon: 'box', also: ['batch'] },
  { name: 'inputs', icon: 'inflow', also: [] },
  { name: 'statuses', icon: 'book', also: ['status'] },
]

const isHere = (page: Page, { name, also }: Door): boolean => page.name === name || also.includes(page.name)

export function Nav() {
  const { w } = useWords()
  const { page } = useView()
  const absent = useStore(statusesAbsent)
  const rest = REST.filter((door) => door.name !== 'statuses' || !absent)
  const link = (door: Door, also = '') => (
    <a
      key={door.name}
      class={also}
      href={linkTo({ name: door.name } as Page)}
      data-all-zones={door.name === 'batches' ? true : undefined}
      aria-current={isHere(page, door) ? 'page' : undefined}
    >
      <Icon name={door.icon} />
      <span>{w.nav[door.name]}</span>
    </a>
  )
  const own = rest.find((door) => isHere(page, door))
  return (
    <nav aria-label={w.nav.label}>
      {FIRST.map((door) => link(door))}
      <AlertsLink />
      {rest.map((door) => link(door, 'wide-only'))}
      <Popover
        class={own || page.name === 'access' ? 'more-pages here' : 'more-pages'}
        align="right"
        button={
          <>
            <Icon name="more" />
            <span>{w.nav.more}</span>
          </>
        }
      >
        {(close) => (
          <div class="menu-list" onKeyDown={onArrows} onClick={close}>
            {[...rest, { name: 'access', icon: 'key', also: [] } as const].map((door) => (
              <a
                key={door.name}
                data-item
                class="menu-item"
                href={linkTo({ name: door.name } as Page)}
                data-all-zones={door.name === 'batches' ? true : undefined}
                aria-current={page.name === door.name ? 'page' : undefined}
              >
                <Icon name={door.icon} />
                {door.name === 'access' ? w.access.title : w.nav[door.name]}
              </a>
            ))}
          </div>
        )}
      </Popover>
    </nav>
  )
}

/** The door to alerting, and how much fires behind it. */
function AlertsLink() {
  const { w } = useWords()
  const { page } = useView()
  if (useStore(alertsAbsent)) return null
  return (
    <a href={linkTo({ name: 'alerts' })} aria-current={ALERT_PAGES.includes(page.name) ? 'page' : undefined}>
      <Icon name="bell" />
      <span>{w.alerts.pages.alerts}</span>
      <FiringBadge />
    </a>
  )
}

function Mark() {
  const { w } = useWords()
  return (
    <a class="mark" href={linkTo({ name: 'overview' })} aria-label={w.nav.home}>
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <path d="M1.5 15.5h5.2L10 6l2.8 12 2.8-7.5h6.9" />
        <circle cx="10" cy="6" r="2.2" />
      </svg>
      <span>Faultline</span>
    </a>
  )
}

/** The light of the live connection; pauses and goes on. */
function LiveButton() {
  const { w } = useWords()
  const state = useStore(live)
  const online = useStore(reachable)
  const view = useView()
  if (state === 'absent')
    return (
      <button
        type="button"
        class="control square"
        aria-label={w.tools.reload}
        title={w.tools.reload}
        onClick={() => refresh()}
      >
        <Icon name="retry" />
      </button>
    )
  const shown = state !== 'off' && !online ? 'lost' : state
  const toggle = (): void => {
    change({ live: !view.live }, 'replace')
    setLive(!view.live)
    if (!view.live) refresh()
  }
  return (
    <button
      type="button"
      class={`control live ${shown}`}
      aria-pressed={state !== 'off'}
      title={shown === 'lost' ? w.tools.lostHint : w.tools.liveHint}
      onClick={toggle}
    >
      <i aria-hidden="true" />
      <span>{w.tools.live[shown]}</span>
    </button>
  )
}

function LanguageMenu({ lang }: { lang: Lang }) {
  const { w, f } = useWords()
  return (
    <Popover
      align="right"
      label={`${w.tools.language}: ${lang.toUpperCase()}, ${w.name}`}
      title={w.tools.language}
      button={
        <>
          <Icon name="globe" />
          <span class="tool-text">{lang.toUpperCase()}</span>
        </>
      }
    >
      {(close) => (
        <div class="menu-list" onKeyDown={onArrows}>
          {LANGS.map((l) => (
            <button
              key={l}
              type="button"
              data-item
              class="menu-item"
              lang={l}
              aria-current={l === f.lang}
              onClick={() => {
                remember('lang', l)
                change({ lang: l }, 'replace')
                close()
              }}
            >
              {new Intl.DisplayNames(l, { type: 'language' }).of(l)}
            </button>
          ))}
        </div>
      )}
    </Popover>
  )
}

const THEME_ICONS: { [T in Theme]: IconName } = { auto: 'half', light: 'sun', dark: 'moon' }

function ThemeMenu() {
  const { w } = useWords()
  const chosen = useStore(theme)
  return (
    <Popover
      align="right"
      class="theme"
      label={`${w.tools.theme}: ${w.tools.themes[chosen]}`}
      title={w.tools.theme}
      button={<Icon name={THEME_ICONS[chosen]} />}
    >
      {(close) => (
        <div class="menu-list" onKeyDown={onArrows}>
          {(['auto', 'light', 'dark'] as const).map((t) => (
            <button
              key={t}
              type="button"
              data-item
              class="menu-item"
              aria-current={t === chosen}
              onClick={() => {
                setTheme(t)
                close()
              }}
            >
              <Icon name={THEME_ICONS[t]} />
              {w.tools.themes[t]}
            </button>
          ))}
        </div>
      )}
    </Popover>
  )
}

/** Who may come in, who is in: where anybody is asked who they are, or may make tokens. */
function AccessLink() {
  const { w } = useWords()
  return (
    <a
      class="control square wide-only"
      href={linkTo({ name: 'access' })}
      aria-label={w.access.title}
      title={w.access.title}
    >
      <Icon name="key" />
    </a>
  )
}

/** Where the service asks for a token; elsewhere there is nothing to leave. */
function SignOut() {
  const { w } = useWords()
  if (!/(?:^|; )faultline_signed_in=/.test(document.cookie)) return null
  return (
    <form method="post" action="/logout">
      <button class="control square" aria-label={w.tools.signOut} title={w.tools.signOut}>
        <Icon name="leave" />
      </button>
    </form>
  )
}

export function Header({ onHelp }: { onHelp: () => void }) {
  const { w, f } = useWords()
  return (
    <header class="top">
      <Mark />
      <Nav />
      <div class="tools">
        <button
          type="button"
          class="control square"
          aria-label={w.search.title}
          title={`${w.search.title} (/)`}
          aria-haspopup="dialog"
          onClick={() => searching.set(true)}
        >
          <Icon name="search" />
        </button>
        <FileButton class="control" name="upload" label={w.tools.upload}>
          <Icon name="upload" />
          <span class="tool-text">{w.tools.upload}</span>
        </FileButton>
        <LiveButton />
        <LanguageMenu lang={f.lang} />
        <ThemeMenu />
        <button
          type="button"
          class="control square help"
          aria-label={w.tools.shortcuts}
          title={`${w.tools.shortcuts} (?)`}
          onClick={onHelp}
        >
          <Icon name="keyboard" />
        </button>
        <AccessLink />
        <SignOut />
      </div>
    </header>
  )
}
