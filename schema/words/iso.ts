/** Times as the API writes them. */

export const iso = (ms: number): string => new Date(ms).toISOString()

export const isoOrNull = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : iso(ms)
