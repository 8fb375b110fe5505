export { detectEpisodes, expectedBand, learn, run } from './detect.js'
export { threeNumbers, type ThreeNumbers } from './explain.js'
export type {
  Band,
  DetectOptions,
  Episode,
  History,
  MinuteSeries,
  Scope,
  Sensitivity,
  Source,
  Traffic,
  TroubleClass,
} from './types.js'
