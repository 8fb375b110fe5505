/** From which shares of errors a figure is warm or hot. Pure. */
import type { Summary } from '../../../schema/api/reports.js'

export type Level = 'calm' | 'warn' | 'bad'
export type Figure = 'errors' | 'server' | 'left' | 'origin'

const WARM: { [F in Figure]: number } = { errors: 0.05, server: 0.005, left: 0.02, origin: 0.002 }
const hotAt = 4

export function levelOf(figure: Figure, share: number): Level {
  return share >= hotAt * WARM[figure] ? 'bad' : share >= WARM[figure] ? 'warn' : 'calm'
}

const share = (part: number | undefined, whole: number): number => (whole > 0 ? (part ?? 0) / whole : 0)

export function shareOf(summary: Pick<Summary, 'byClass' | 'bySource' | 'errorRate' | 'requests'>, figure: Figure) {
  switch (figure) {
    case 'errors':
      return summary.errorRate
    case 'server':
      return share(summary.byClass['5xx'], summary.requests)
    case 'left':
      return share(summary.byClass['499'], summary.requests)
    case 'origin':
      return share(summary.bySource['origin-failure'], summary.requests)
  }
}

const FIGURES: readonly Figure[] = ['errors', 'server', 'left', 'origin']
const ORDER: readonly Level[] = ['calm', 'warn', 'bad']

/** The hottest of all figures: beside a red one nobody may say that all is well. */
export function redness(summary: Summary): Level {
  return FIGURES.map((f) => levelOf(f, shareOf(summary, f))).reduce((a, b) =>
    ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a,
  )
}
