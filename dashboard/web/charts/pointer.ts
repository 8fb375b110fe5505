/** The time under the pointer, shared by all charts so that their cross-hairs move together. */
import { createStore } from '../state/store.js'

/** epoch ms of the column's start; null: nowhere */
export const pointed = createStore<number | null>(null)
