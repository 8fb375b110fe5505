import type { Episode, Scope, Traffic } from '../../../analyze/spikes/detect/types.js'

/** Something that was put into the traffic on purpose. Times are epoch ms, `end` exclusive. */
export interface Planted extends Scope {
  kind: string
  start: number
  end: number
  /** Errors that it added. */
  excess: number
  /** Deviations at which someone who knew the true background would see it. */
  visible: number
  /** `find`: a detector should. `weak`: it should more often than not. `either`: naming it is neither right nor wrong. */
  wanted: 'find' | 'weak' | 'either'
}

/** One site over some days, with the truth about it. */
export interface Scenario {
  name: string
  seed: number
  traffic: Traffic
  planted: Planted[]
}

/** Where scenarios come from: counts made minute by minute, or log lines that went through a store. */
export interface ScenarioSource {
  name: string
  scenarios(seeds: readonly number[]): Iterable<Scenario> | AsyncIterable<Scenario>
  /** What else this source can tell right from wrong, for the detector of the product: "first cause", "scope" … */
  judge?(scenario: Scenario, episodes: readonly Episode[]): Promise<Record<string, Share>> | Record<string, Share>
}

export interface Share {
  right: number
  of: number
}
