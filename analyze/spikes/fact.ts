import type {
  CarriedValue,
  ClientFigures,
  ContradictedFigures,
  LastedFigures,
  SlowFigures,
  SubRequestFigures,
  TrendFigures,
  UnchangedValue,
  WaitedFigures,
} from './sentences/say.js'
import type { Stale } from './stale.js'

/** One piece of evidence; shares are 0–1 of the spike's records and of those before. Both 0: the sentence names no such share. */
export type Fact = { share: number; baselineShare: number } & (
  | { kind: 'carries'; field: string; values: CarriedValue[] }
  | { kind: 'unchanged'; values: UnchangedValue[] }
  | { kind: 'client'; client: ClientFigures }
  | { kind: 'contradicted'; figures: ContradictedFigures }
  | { kind: 'left-over' }
  | { kind: 'slow'; figures: SlowFigures }
  | { kind: 'lasted'; figures: LastedFigures }
  | { kind: 'status-itself'; status: number }
  | { kind: 'slower' | 'not-slower'; figures: TrendFigures }
  | { kind: 'trend-unknown' }
  | { kind: 'waited'; figures: WaitedFigures }
  | { kind: 'sub-requests'; figures: SubRequestFigures }
  | { kind: 'stale'; stale: Stale }
  | { kind: 'also'; status: number; requests: number; expected: number }
  | { kind: 'missing'; fields: string[] }
  | { kind: 'no-evidence' }
)
