import { doingInWords, type Doing } from '../../schema/words/doing.js'
import { ProgressLine } from './progress-line.js'

/** How far inputs are read, on one line of the terminal that is redrawn. */
export function showProgress() {
  const line = new ProgressLine()
  return {
    onProgress(input: string, read: number, size: number | null) {
      const share = size === null ? '' : ` ${Math.round((100 * read) / Math.max(1, size))} %`
      line.draw(`${input}${share}  ${(read / 1e6).toFixed(0)} MB`, read === size)
    },
    onBucketProgress: (doing: Doing) => line.draw(doingInWords(doing, 'en')),
  }
}
