/** What people type into the fields of rules and notifiers. Pure. */

/** A number as people type it, with a comma too; NaN for what is none. */
export function typedNumber(text: string): number {
  const plain = text.trim().replace(/\s*%$/, '').replace(',', '.')
  return /^\d+(\.\d+)?$|^\.\d+$/.test(plain) ? Number(plain) : NaN
}
