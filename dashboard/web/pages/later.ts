/** Pages that come by themselves when they are first opened: hardly anybody who reads figures needs them at once. */
import { later } from '../parts/later.js'

export const AccessPage = later<object>(async () => (await import('./access/index.js')).CurrentAccessPage)
