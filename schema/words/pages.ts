/** The addresses of the page, once: the server gives the page under them, its script reads them, notices link to them. */
export const PAGES = {
  overview: '/',
  records: '/records',
  record: '/records/:id',
  batches: '/batches',
  batch: '/batches/:id',
  inputs: '/inputs',
  statuses: '/statuses',
  status: '/statuses/:id',
  spike: '/spikes/:id',
  explain: '/explain',
  annotations: '/annotations',
  incidents: '/incidents',
  incident: '/incidents/:id',
  alerts: '/alerts',
  alert: '/alerts/:id',
  rules: '/rules',
  rule: '/rules/:id',
  silences: '/silences',
  notifiers: '/notifiers',
  notifier: '/notifiers/:id',
  access: '/access',
} as const

export type PageName = keyof typeof PAGES
/** Pages of one thing, which the address names. */
export type ThingPage = { [N in PageName]: (typeof PAGES)[N] extends `${string}:id` ? N : never }[PageName]
export type ListPage = Exclude<PageName, ThingPage>

const ID = ':id'

export function pathOfPage(name: ListPage): string
export function pathOfPage(name: ThingPage, id: string): string
export function pathOfPage(name: PageName, id = ''): string {
  return PAGES[name].replace(ID, () => encodeURIComponent(id))
}

export type PageAt =
  { [N in ListPage]: { name: N } }[ListPage] | { [N in ThingPage]: { name: N; id: string } }[ThingPage]

/** The page of a path; null: there is none. */
export function pageAt(path: string): PageAt | null {
  const parts = path.split('/').filter((part) => part !== '')
  for (const [name, pattern] of Object.entries(PAGES)) {
    const wanted = pattern.split('/').filter((part) => part !== '')
    if (wanted.length !== parts.length || !wanted.every((part, i) => part === ID || part === decoded(parts[i])))
      continue
    const at = wanted.indexOf(ID)
    return at < 0 ? { name: name as ListPage } : { name: name as ThingPage, id: decoded(parts[at]) }
  }
  return null
}

/** A path with a stray % is a path like any other, not a crash. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
