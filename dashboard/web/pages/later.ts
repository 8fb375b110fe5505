/** Pages that come by themselves when they are first opened: whoever reads the figures of the overview needs none of them yet. */
import { later } from '../parts/later.js'

export const AccessPage = later<object>(async () => (await import('./access/index.js')).CurrentAccessPage)
export const BatchPage = later<{ id: string }>(async () => (await import('./batch.js')).BatchPage)
export const BatchesPage = later<object>(async () => (await import('./batches.js')).BatchesPage)
export const ExplainPage = later<object>(async () => (await import('./explain.js')).ExplainPage)
export const InputsPage = later<object>(async () => (await import('./inputs.js')).InputsPage)
export const RecordPage = later<{ ray: string }>(async () => (await import('./record.js')).RecordPage)
export const RecordsPage = later<object>(async () => (await import('./records.js')).RecordsPage)
export const SpikePage = later<{ id: string }>(async () => (await import('./spike.js')).SpikePage)
export const StatusPage = later<{ code: string }>(async () => (await import('./status.js')).StatusPage)
export const StatusesPage = later<object>(async () => (await import('./statuses.js')).StatusesPage)
