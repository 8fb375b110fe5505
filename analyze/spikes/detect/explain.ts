import type { Episode } from './types.js'

/** An episode in three numbers, rounded for people; and how many times the expectation that is, where that can be said. */
export interface ThreeNumbers {
  expected: number
  seen: number
  score: number
  /** Null where less than one request was expected: "400 times nothing" says nothing. */
  times: number | null
}

export function threeNumbers({ observed, expected, score }: Episode): ThreeNumbers {
  return {
    expected: expected < 10 ? Math.round(expected * 10) / 10 : Math.round(expected),
    seen: Math.round(observed),
    score: Math.round(score * 10) / 10,
    times: expected < 1 ? null : Math.round((observed / expected) * 10) / 10,
  }
}
