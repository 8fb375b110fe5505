/** The view now, bound to the browser's address and history. */
import { createStore, useStore } from './store.js'
import { DEFAULTS, formatView, parseView, type Page, type View } from './url.js'

const here = (): string => location.pathname + location.search
const view = createStore(parseView(here()))

/** How many steps of our own lie behind this one: Esc goes back only while it stays inside. */
function depth(): number {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0
}

addEventListener('popstate', () => view.set(parseView(here())))

export const currentView = (): View => view.get()
export const useView = (): View => useStore(view)

/** Changes a part of the view. What only changes how it looks replaces the step, so that Back undoes what matters. */
export function change(part: Partial<View>, how: 'push' | 'replace' = 'push'): void {
  const next = { ...view.get(), ...part }
  const address = formatView(next)
  if (address === here()) return
  if (how === 'push') history.pushState({ depth: depth() + 1 }, '', address)
  else history.replaceState({ depth: depth() }, '', address)
  view.set(next)
  if (part.page !== undefined) scrollTo(0, 0)
}

/** The address of another page in the same range, filters and language. */
export function linkTo(page: Page, part: Partial<View> = {}): string {
  return formatView({ ...view.get(), search: '', ...part, page })
}

/** One step back inside the page; from a page opened by its address, to the overview. */
export function goBack(): void {
  if (depth() > 0) history.back()
  else if (view.get().page.name !== 'overview') change({ page: DEFAULTS.page })
}

/** Lets plain links work without a reload, and leaves new tabs, downloads and other sites to the browser. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return
  if (/^\/(api|docs|login|logout|openapi)/.test(link.pathname)) return
  event.preventDefault()
  if (link.hash && link.pathname === location.pathname) {
    document.getElementById(link.hash.slice(1))?.focus()
    return
  }
  change(parseView(link.pathname + link.search))
}
