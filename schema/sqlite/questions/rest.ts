/** What of the merged values has no name: those beyond the limit of a day, and what they come to. */

export interface Rest {
  /** There are at least so many different values, those with a name among them; 0 where each has one. */
  values: number
  requests: number
  bytes: number
  records: number
  errors: number
  /** No value has more requests than this in the rest. */
  most: number
}

/** Nothing. */
export const restOf = (): Rest => ({ values: 0, requests: 0, bytes: 0, records: 0, errors: 0, most: 0 })

/** Both. The same value may be in either, so how many there are cannot be added up. */
export function addRest(a: Rest, b: Rest): Rest {
  return {
    values: Math.max(a.values, b.values),
    requests: a.requests + b.requests,
    bytes: a.bytes + b.bytes,
    records: a.records + b.records,
    errors: a.errors + b.errors,
    most: a.most + b.most,
  }
}
