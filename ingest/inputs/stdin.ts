/** The standard input of the command line. */
import type { OpenedInput } from './input.js'

export const stdin: OpenedInput = {
  kind: 'opened',
  open: async () => ({ name: 'stdin', size: null, bytes: process.stdin, regular: false }),
}
