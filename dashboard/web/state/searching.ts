import { createStore } from './store.js'

/** The search box is open. */
export const searching = createStore(false)
