/** One key, one deed; `?` lists them. */
import { useEffect, useRef } from 'preact/hooks'
import { refresh } from '../state/clock.js'
import { pointed } from '../charts/pointer.js'
import { annotating } from '../state/annotations.js'
import { setLive } from '../state/live.js'
import { setSingleKeys, setTheme, shownTheme, singleKeys } from '../state/prefs.js'
import type { Asked } from '../state/questions.js'
import { shifted, widened } from '../state/range.js'
import { change, currentView } from '../state/router.js'
import type { ChartView } from '../state/url.js'
import { hostOf } from './brush-menu.js'
import { Dialog } from './dialog.js'
import { may } from '../state/me.js'
import { searching } from '../state/searching.js'
import { useStore } from '../state/store.js'
import { useWords } from './words.js'

const click = (name: string): void =>
  document.querySelector<HTMLElement>(`[data-opens="${name}"]:not(dialog *)`)?.click()
const nextView: { [V in ChartView]: ChartView } = { errors: 'all', all: 'share', share: 'errors' }

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
}

export function useShortcuts(asked: Asked | null, onHelp: () => void): void {
  // the page is drawn anew whenever there is news: between two keys that belong together, too
  const latest = useRef({ asked, onHelp })
  latest.current = { asked, onHelp }
  useEffect(() => {
    let after = ''
    let timer: ReturnType<typeof setTimeout>
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        document.querySelector('dialog[open]')
      )
        return
      if (isTyping(event.target) || !singleKeys.get()) return
      const { asked, onHelp } = latest.current
      const view = currentView()
      const first = after
      after = ''
      clearTimeout(timer)
      if (first === 'g') {
        const page = (
          {
            o: 'overview',
            r: 'records',
            b: 'batches',
            i: 'inputs',
            s: 'statuses',
            a: 'alerts',
            f: 'incidents',
          } as const
        )[event.key]
        if (page) change({ page: { name: page } })
        return
      }
      switch (event.key) {
        case 'g':
          after = 'g'
          timer = setTimeout(() => {
            after = ''
          }, 1200)
          break
        case '/':
          searching.set(true)
          break
        case 'f':
          click('filter')
          break
        case 'c':
          click('compare')
          break
        case 't':
          click('range')
          break
        case '?':
          onHelp()
          break
        case 'v':
          change({ view: nextView[view.view ?? 'all'] }, 'replace')
          break
        case 'l':
          change({ live: !view.live }, 'replace')
          setLive(!view.live)
          break
        case 'r':
          refresh()
          break
        case 'e':
          change({ page: { name: 'explain' } })
          break
        case 'n':
          if (!may('operate')) return
          annotating.set({ kind: 'new', from: pointed.get() ?? Date.now(), to: null, host: asked ? hostOf(asked) : '' })
          break
        case 'u':
          click('upload')
          break
        case 'd':
          setTheme(shownTheme.get() === 'dark' ? 'light' : 'dark')
          break
        case '[':
          if (asked) change({ range: shifted(asked.span, -1) })
          break
        case ']':
          if (asked && !asked.span.moving) change({ range: shifted(asked.span, 1) })
          break
        case '-':
          if (asked) change({ range: widened(asked.span, Date.now()) })
          break
        default:
          return
      }
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const { w } = useWords()
  const k = w.shortcuts.keys
  const on = useStore(singleKeys)
  const rows: [keys: string[], text: string][] = [
    [['/'], k.search],
    [['f'], k.filter],
    [['t'], w.range.label],
    [['c'], w.compare.label],
    [['Esc'], k.back],
    [['g', 'o'], k.overview],
    [['g', 'r'], k.records],
    [['g', 'b'], k.batches],
    [['g', 'i'], k.inputs],
    [['g', 's'], k.statuses],
    [['g', 'a'], w.alerts.pages.alerts],
    [['g', 'f'], w.incidents.title],
    [['v'], k.view],
    [['e'], w.incidents.brush.explain],
    [['n'], w.incidents.annotations.write],
    [['['], k.earlier],
    [[']'], k.later],
    [['-'], k.zoomOut],
    [['l'], k.live],
    [['r'], k.refresh],
    [['u'], k.upload],
    [['d'], k.theme],
    [['?'], k.help],
  ]
  return (
    <Dialog title={w.shortcuts.title} onClose={onClose}>
      <label class="check">
        <input type="checkbox" checked={on} onChange={(e) => setSingleKeys(e.currentTarget.checked)} />
        {w.shortcuts.enabled}
      </label>
      <p class="faint small">{w.shortcuts.enabledHint}</p>
      <dl class={on ? 'shortcut-list' : 'shortcut-list off'}>
        {rows.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key, i) => (
                <>
                  {i > 0 && ` ${w.shortcuts.next} `}
                  <kbd>{key}</kbd>
                </>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Alt</kbd> {w.shortcuts.click}
          </dt>
          <dd>{w.shortcuts.exclude}</dd>
        </div>
        <div>
          <dt>
            <kbd>←</kbd> <kbd>→</kbd>
          </dt>
          <dd>{w.shortcuts.row}</dd>
        </div>
        <div>
          <dt>{w.shortcuts.drag}</dt>
          <dd>{w.shortcuts.zoom}</dd>
        </div>
      </dl>
      <p>
        <a href="/docs" target="_blank">
          {w.nav.api} ↗
        </a>
      </p>
    </Dialog>
  )
}
