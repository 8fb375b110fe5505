/** What the page that is open calls itself: the browser's tab and its history say which spike, which alert, which batch. */
import { createStore } from './store.js'

/** Null: it has no name of its own. */
export const pageTitle = createStore<string | null>(null)
