/** Whatever is posted, if nobody better known did. */
import type { PostedInput } from './input.js'

export const upload: PostedInput = { kind: 'posted', isSender: () => true }
