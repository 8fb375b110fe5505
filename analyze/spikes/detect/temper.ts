import type { Sensitivity, TroubleClass } from './types.js'

/**
 * What is known of a class of statuses before its first minute is read, and what makes a rise worth a word.
 * Figures are about sites in general; each gives way to what the series itself shows.
 */
export interface Temper {
  /** Typical share of the requests ... */
  share: number
  /** ... and how many errors of evidence that is worth. */
  prior: number
  /** Minutes of data that must have been seen before a rise can be told from the usual level. */
  blind: number
  /** Variance over mean of counts, before the series has shown its own. */
  fano: number
  /** Relative wobble of the expectation itself (rhythm, mix of visitors), before the series has shown its own. */
  wobble: number
  /** Added to the score that a rise must reach: what visitors and bots do is wilder than any model of it. */
  caution: number
  /** A rise must be this many times the expectation: on huge traffic everything is significant. */
  minRatio: number
  /** A rise smaller than this many requests above the expectation is never an episode. */
  minExcess: number
  /** The same where it came within five minutes, which one visitor can do: on a calm series, and on a new one. */
  minBurst: number
  newBurst: number
  /** Part of all requests that has to fail for hours, where the code is so rare that minutes say nothing. */
  leastShare: number
  /** Different clients that it must befall, where the logs tell clients apart: what befalls fewer is told of them, not of the site. */
  minClients: number
}

export const TEMPERS: Record<TroubleClass, Temper> = {
  // Some sites are half bots: no share is impossible in the first minutes.
  // 404s of crawlers, 403s of scanners: single clients make bursts, so calm minutes prove little and bursts must be
  // bigger. Cloudflare's documentation calls 3 % of 404 typical.
  '4xx': {
    share: 0.02,
    prior: 0.25,
    blind: 10,
    fano: 2,
    wobble: 0.3,
    caution: 0.6,
    minRatio: 1.8,
    minExcess: 15,
    minBurst: 20,
    newBurst: 26,
    leastShare: 0.35,
    minClients: 1,
  },
  '499': {
    share: 0.01,
    prior: 0.25,
    blind: 10,
    fano: 2,
    wobble: 0.3,
    caution: 0.6,
    minRatio: 1.8,
    minExcess: 15,
    minBurst: 20,
    newBurst: 26,
    leastShare: 0.35,
    minClients: 1,
  },
  // With 0.5 of 0.3 % an export that begins with a tenth of its requests failing begins amid an incident.
  // Healthy sites have few, and what there is comes in little bursts of 2 to 5 (one retry loop, one worker restarting).
  '5xx': {
    share: 0.003,
    prior: 0.5,
    blind: 0,
    fano: 2,
    wobble: 0.25,
    caution: 0,
    minRatio: 1.6,
    minExcess: 11,
    minBurst: 11,
    newBurst: 11,
    leastShare: 0.08,
    minClients: 1,
  },
}

/**
 * The same where clients are told apart: each minute counts different clients, so that a burst of one is one, and fewer are
 * needed before chance is ruled out.
 */
export const TEMPERS_OF_CLIENTS: Record<TroubleClass, Temper> = {
  '4xx': { ...TEMPERS['4xx'], minExcess: 12, minBurst: 15, newBurst: 20, minClients: 5 },
  '499': { ...TEMPERS['499'], minExcess: 12, minBurst: 15, newBurst: 20, minClients: 4 },
  // two loops at the same time are chance, three clients that fail at once are not
  '5xx': { ...TEMPERS['5xx'], minExcess: 10, minBurst: 10, newBurst: 10, minClients: 3 },
}

/**
 * Deviations above the expectation that make an episode. 5.1 is a chance of 2 in 10^7 a look, and a site of 300 series
 * is looked at 430,000 times a day in minutes alone: 0.1 false alarms a day if all series are busy and the model is
 * right. Measured on 300 busy overdispersed series over 30 days: 1 to 4.
 */
export const THRESHOLD: Record<Sensitivity, number> = { low: 7, medium: 5.1, high: 4.7 }
