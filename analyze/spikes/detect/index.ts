export { detectEpisodes, learn, run } from './detect.js'
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
