// The values of the line at hand, cleared before each line: codes, numbers, texts, the RayID.
import { CURRENT, CURRENT_BYTES, FRESH, NUMBERS, SLOTS, TEXTS } from '../layout'

const NUMBERS_AT: u32 = CURRENT + (SLOTS << 2)
const TEXTS_AT: u32 = NUMBERS_AT + (NUMBERS << 3)
export const RAY: u32 = TEXTS_AT + (TEXTS << 3)

@inline export function codeAt(slot: u32): u32 {
  return CURRENT + (slot << 2)
}

@inline export function numberAt(number: u32): u32 {
  return NUMBERS_AT + (number << 3)
}

@inline export function textAt(text: u32): u32 {
  return TEXTS_AT + (text << 3)
}

/** What an empty line looks like: zeros, and NaN for numbers. */
export function makeFresh(): void {
  memory.fill(FRESH, 0, CURRENT_BYTES)
  for (let number = 0; number < NUMBERS; number++) store<f64>(numberAt(number) - CURRENT + FRESH, NaN)
}

@inline export function clear(): void {
  for (let at = 0; at < CURRENT_BYTES; at += 16) v128.store(CURRENT + at, v128.load(FRESH + at))
}

@inline export function code(slot: u32): u32 {
  return load<u32>(codeAt(slot))
}

@inline export function setCode(slot: u32, value: u32): void {
  store<u32>(codeAt(slot), value)
}

@inline export function number(which: u32): f64 {
  return load<f64>(numberAt(which))
}
