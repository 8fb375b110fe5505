/** Looking for a number among ascending ones, by halves. */

/** The first index whose value is at or after `value`. */
export function indexAt(ascending: ArrayLike<number>, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Where `value` stands; −1 where it does not. */
export function indexIn(ascending: ArrayLike<number>, value: number): number {
  const at = indexAt(ascending, value)
  return ascending[at] === value ? at : -1
}
