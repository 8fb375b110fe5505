// What the host calls. See ../scanner.ts.
import { NAMES, STATE_LINES, STATE_ROWS } from '../layout'
import { makeMasks } from './bytes'
import { makeFresh } from './current'
import { dictionary, forget, intern, nextBlock, seed } from './dictionary'
import { setKey } from './identity'
import { forgetNodes, weigh } from './nodes'
import { forgetSets, plan } from './row'
import { forgetSeen } from './scan'

export { heapBytes } from './dictionary'
export { gather } from './gather'
export { siphash } from './identity'
export { forgetSeen, scan, scanMerged } from './scan'

let dictionariesOfBlock: u64 = 0

/** Once, when the plan of columns is written and before anything else. `ofBlock`: dictionaries that are begun anew with each block, one bit each. */
export function start(k0: u64, k1: u64, seedA: u64, seedB: u64, keepQuery: bool, ofBlock: u64): void {
  dictionariesOfBlock = ofBlock
  makeMasks()
  makeFresh()
  setKey(k0, k1)
  seed(seedA, seedB)
  plan(keepQuery)
  forgetAll()
}

/** Forgets every token and every expectation; the names must be given again. */
export function forgetAll(): void {
  forget(dictionariesOfBlock)
  forgetNodes()
  forgetSets()
}

/** The next name, folded; its number is the order of the calls. */
export function addName(p: u32, length: u32): void {
  intern(dictionary(NAMES), p, length)
}

/** Begins a block. False: everything must be forgotten first. `again`: try anew which values repeat. */
export function begin(again: bool): bool {
  weigh(load<u32>(STATE_ROWS), again)
  store<u32>(STATE_ROWS, 0)
  store<u32>(STATE_LINES, 0)
  forgetSeen()
  return nextBlock()
}
