import { evidenceBefore, rateBefore, sumBefore, sumSince, type Past } from './past.js'
import { ALL, DATA, NEWCOMERS, REQUESTS } from './sums.js'
import { deviations, logGamma, logLowerTail } from './tail.js'
import type { Temper } from './temper.js'

/**
 * Failures in the place of answers: most of what is asked for fails, one client after the other, and those who are served are too
 * few. On a host, a path or a country with a dozen requests in a quarter of an hour counts say little, but this says much: where one
 * client in twenty fails, five in a row that do are chance once in three million times. Whoever only tries what is not there takes
 * nothing away from others, so that of scanners and bots nothing is told here, however many they are.
 */

/** Part of the requests that must fail. */
const MOST = 0.6
/** So many failures of so many clients that had none in the hour before. */
export const LEAST = 6
const CLIENTS = 5
/** Minutes before, by which it is known how many were served. */
const BEFORE = 120
/** Part of them that may still be served, and how improbable so few must be. */
const SERVED = 0.5
const LOG_CHANCE = Math.log(0.01)
/** Where so many fail the counts speak for themselves. */
const MANY = 400

/** How surprising it is that so many of the clients fail between minute `from` and now, in deviations; 0: it is no such stretch. */
export function displaced(past: Past, from: number, width: number, temper: Temper): number {
  const failed = sumSince(past, from, ALL)
  const requests = sumSince(past, from, REQUESTS)
  if (failed < LEAST || failed > MANY || failed < MOST * requests) return 0
  const clients = sumSince(past, from, NEWCOMERS)
  if (clients < CLIENTS) return 0
  const earlier = Math.max(from - BEFORE, 0)
  const minutes = sumBefore(past, from, DATA) - sumBefore(past, earlier, DATA)
  if (minutes < BEFORE / 2) return 0
  const before = (sum: number) => sumBefore(past, from, sum) - sumBefore(past, earlier, sum)
  const due = ((before(REQUESTS) - before(ALL)) / minutes) * width
  const served = requests - failed
  if (served > SERVED * due || logLowerTail(served, due) > LOG_CHANCE) return 0
  // each answer may be another client's, each failure counts once for its client
  const asked = clients + served
  const share = Math.min(0.9, rateBefore(past, from))
  return deviations(logPartTail(clients, asked, share, evidenceBefore(past, from, temper)))
}

/** ln P(X >= x) of `of` clients of whom each fails with a chance of about `share`, as known from `evidence` failures: a beta-binomial. */
function logPartTail(x: number, of: number, share: number, evidence: number): number {
  const [a, b] = [evidence, (evidence * (1 - share)) / share]
  const logBeta = (p: number, q: number) => logGamma(p) + logGamma(q) - logGamma(p + q)
  let sum = 0
  const first = logMass(x)
  for (let k = x; k <= of; k++) {
    const part = Math.exp(logMass(k) - first)
    sum += part
    if (part < 1e-6) break
  }
  return Math.min(0, first + Math.log(sum))

  function logMass(k: number): number {
    return logGamma(of + 1) - logGamma(k + 1) - logGamma(of - k + 1) + logBeta(k + a, of - k + b) - logBeta(a, b)
  }
}
