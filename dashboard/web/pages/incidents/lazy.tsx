/** What people write and keep of a trouble comes when it is opened. */
import { later } from '../../parts/later.js'
import type { IncidentPage } from '../../state/url.js'

export const IncidentPages = later<{ page: IncidentPage }>(async () => (await import('./index.js')).CurrentIncidentPage)
export const IncidentDialogs = later<object>(async () => (await import('./index.js')).IncidentDialogs, true)
