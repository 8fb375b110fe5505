/** Spans of time, ms. The simulator imports nothing of the product. */
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
