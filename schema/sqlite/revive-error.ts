/** Errors that came over from a thread, as the caller knows them. */
import type { ErrorReviver } from '../runtime/threads.js'
import { StoreError } from '../store/store-error.js'

export const reviveError: ErrorReviver = ({ name, message, code, stack }) => {
  const error =
    name === 'StoreError'
      ? new StoreError(code as StoreError['code'], message)
      : Object.assign(new Error(message), code === undefined ? {} : { code })
  if (name !== 'StoreError') error.name = name
  if (stack) error.stack = stack
  return error
}
