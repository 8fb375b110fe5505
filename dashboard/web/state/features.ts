/** What this service turned out not to have: such features hide instead of failing again and again. */
import { createStore } from './store.js'

export const statusesAbsent = createStore(false)
export const spikesAbsent = createStore(false)
