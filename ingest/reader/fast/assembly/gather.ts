// The texts of a dictionary's tokens one behind the other, for the host to take at once.
import { TOKEN_BYTES } from '../layout'
import { dictionary, LENGTH, PLAIN, reserve, USED, USED_AT } from './dictionary'

/**
 * Of the tokens used in the block. Gives where they lie: a list of u32, where each ends (text 0 is empty), then the bytes. 0: one of them is no plain text of at most `longest` bytes (quotes counted), or there is no room.
 */
export function gather(number: u32, longest: u32): u32 {
  const d = dictionary(number)
  const used = load<u32>(d, USED)
  const tokens = load<u32>(d, USED_AT)
  let bytes: u32 = 0
  for (let i: u32 = 1; i <= used; i++) {
    const length = load<u32>(load<u32>(tokens + (i << 2)), LENGTH)
    if (!(length & PLAIN)) return 0
    const text = (length & ~PLAIN) - 2
    // an empty one is no text; so would be what is shorter than its quotes
    if (text - 1 >= longest - 2) return 0
    bytes += text
  }
  const list = (used + 1) << 2
  const at = reserve(list + bytes + 16)
  if (!at) return 0
  const from = at + list
  let to = from
  store<u32>(at, 0)
  for (let i: u32 = 1; i <= used; i++) {
    const token = load<u32>(tokens + (i << 2))
    const text = token + TOKEN_BYTES + 1
    const length = (load<u32>(token, LENGTH) & ~PLAIN) - 2
    for (let k: u32 = 0; k < length; k += 16) v128.store(to + k, v128.load(text + k))
    to += length
    store<u32>(at + (i << 2), to - from)
  }
  return at
}
