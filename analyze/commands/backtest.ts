import { readFileSync } from 'node:fs'
import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { OutsideError } from '../../schema/command-line/errors.js'
import { choice, JSON_FLAG, text } from '../../schema/command-line/option.js'
import { print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { shown } from '../../schema/command-line/shown.js'
import { DEFAULT_LANGUAGE, LANGUAGES } from '../../schema/words/languages.js'
import { RANGE } from './range.js'

export const backtest = defineCommand({
  name: 'backtest',
  summary: 'what the rules would have done',
  options: {
    ...settings('store'),
    rules: text({ description: 'a YAML file with rules; those of the store by default', placeholder: 'FILE' }),
    rule: text({ description: 'only the rule of this name or id', placeholder: 'NAME' }),
    ...RANGE,
    lang: choice(LANGUAGES, {
      description: 'the language of warnings and of mistakes in rules',
      placeholder: 'L',
      default: DEFAULT_LANGUAGE,
    }),
    ...JSON_FLAG,
  },
  examples: [
    { line: 'faultline backtest --from 2026-05-01', says: 'the rules of the store' },
    { line: 'faultline backtest --rules rules.yaml', says: 'the rules of a file, over all that is stored' },
  ],
  async run(options) {
    const { backtestReport, printBacktest } = await import('../alerts/backtest/print.js')
    const { surgeFinder } = await import('../alerts/signals/surge-finder.js')
    const { rangeOf } = await import('../http/parameters.js')
    const { createDetector } = await import('../spikes/detect-thread.js')
    const { trafficOf } = await import('../spikes/traffic.js')
    const { openStore } = await import('../../schema/open-store.js')
    const rulesFile = options.rules === undefined ? null : rulesOf(options.rules)
    const store = await openStore(options.store, undefined, { toRead: true })
    const detector = createDetector()
    try {
      const report = await backtestReport({
        store,
        log: store.alerts,
        findSurges: surgeFinder(store.records, { trafficOf, run: detector.run }),
        rulesFile,
        rule: options.rule ?? null,
        lang: options.lang,
        ...rangeOf({ from: options.from, to: options.to }, await store.records.extent()),
      })
      if (options.json) printJson(report)
      else print(printBacktest(report))
      return report.problems.length > 0 ? EXIT.refused : EXIT.done
    } finally {
      await detector.close()
      await store.close()
    }
  },
})

function rulesOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new OutsideError(
      `The rules file ${shown(path)} can not be read (${shown((error as Error).message)}). Check the path.`,
      {
        cause: error,
      },
    )
  }
}
