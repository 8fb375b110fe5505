import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { choice, JSON_FLAG } from '../../schema/command-line/option.js'
import { paintFor, print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { LANGUAGES, DEFAULT_LANGUAGE } from '../../schema/words/languages.js'
import { RANGE } from './range.js'

export const spikes = defineCommand({
  name: 'spikes',
  summary: 'what surged, and the documented causes',
  options: {
    ...settings('store'),
    ...RANGE,
    lang: choice(LANGUAGES, {
      description: 'the language of the answer',
      placeholder: 'L',
      default: DEFAULT_LANGUAGE,
    }),
    ...JSON_FLAG,
  },
  examples: [
    { line: 'faultline spikes --lang fr', says: 'all that is stored, in French' },
    { line: 'faultline spikes --from 2026-05-20T14:00Z --to 2026-05-20T16:00Z', says: 'two hours' },
  ],
  async run(options) {
    const { rangeOf } = await import('../http/parameters.js')
    const { detectorHere } = await import('../spikes/detect-here.js')
    const { spikesInWords } = await import('../spikes/in-words.js')
    const { createSpikeService } = await import('../spikes/service.js')
    const { openStore } = await import('../../schema/open-store.js')
    const { loadCatalogue } = await import('../../schema/status/catalogue.js')
    const { lang, json, from, to } = options
    const store = await openStore(options.store, undefined, { toRead: true, alone: true })
    try {
      const service = createSpikeService({
        store,
        catalogue: loadCatalogue(),
        ...detectorHere,
      })
      const report = await service.report({ ...rangeOf({ from, to }, await store.records.extent()), filters: [] }, lang)
      if (json) printJson(report)
      else print(spikesInWords(report, lang, paintFor(process.stdout)))
      return EXIT.done
    } finally {
      await store.close()
    }
  },
})
