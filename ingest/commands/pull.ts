import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { OutsideError } from '../../schema/command-line/errors.js'
import { JSON_FLAG, text } from '../../schema/command-line/option.js'
import { paintFor, print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { shown } from '../../schema/command-line/shown.js'
import { doingInWords } from '../../schema/words/doing.js'
import { ProgressLine } from './progress-line.js'
import { readSettings } from './reading.js'
import { reportInWords } from './report-in-words.js'

export const pull = defineCommand({
  name: 'pull',
  summary: "fetch logs from Cloudflare's Logpull into the store",
  about:
    'Without --from and --to it fetches what came since the last such pull of the zone (the first time: the last hour), so\n' +
    'that it can be called as often as you like. Cloudflare keeps seven days, from when log retention was turned on for\n' +
    'the zone; --from and --to go by when it received the records. Called again after it was broken off it goes on where\n' +
    'it was. The token comes from FAULTLINE_CLOUDFLARE_TOKEN, or from the file that FAULTLINE_CLOUDFLARE_TOKEN_FILE names.',
  options: {
    zone: text({
      description: 'the id of the zone',
      placeholder: 'ID',
      takes: '32 hexadecimal digits, as the overview of the zone shows them',
      pattern: '^[0-9a-fA-F]{32}$',
      needed: true,
    }),
    from: text({
      description: 'where to begin; without it an hour before --to',
      placeholder: 'T',
      takes: 'a time, or how far back: 6h',
    }),
    to: text({
      description: 'where to end, excluded; without it as late as there is anything',
      placeholder: 'T',
      takes: 'a time, or how far back: 6h',
    }),
    ...settings(
      'store',
      'cloudflareToken',
      'sampleRate',
      'keepQuery',
      'clientAddresses',
      'dropClientIp',
      'orangeToOrange',
    ),
    api: text({
      description: "the address of Cloudflare's API, if there is a proxy before it",
      placeholder: 'URL',
      takes: 'an address like https://api.cloudflare.com/client/v4',
      pattern: '^https?://',
    }),
    ...JSON_FLAG,
  },
  problems: ({ cloudflareToken }) =>
    cloudflareToken === undefined
      ? ['FAULTLINE_CLOUDFLARE_TOKEN is needed: a token with the permission "Logs Read" for the zone.']
      : [],
  examples: [
    { line: 'faultline pull --zone 023e105f4ecef8ad9ca31a8372d0c353', says: 'what came since the last time' },
    { line: 'faultline pull --zone 023e… --from 2026-05-20T14:00Z --to 2026-05-20T16:00Z', says: 'two hours' },
    { line: 'faultline pull --zone 023e… --from 7d', says: 'all that Cloudflare still has' },
  ],
  async run(options) {
    const { pullZone } = await import('../pull-zone.js')
    const { FetchError } = await import('../inputs/input.js')
    const line = options.json || !process.stderr.isTTY ? null : new ProgressLine()
    const { zone, from, to, api, sampleRate } = options
    try {
      const report = await pullZone({
        storeUrl: options.store,
        reading: readSettings(options),
        job: { zone, token: options.cloudflareToken as string, from, to, api, sampleRate },
        onProgress: (doing) => line?.draw(doingInWords(doing, 'en')),
        onTrouble: (error, ms) =>
          print(`${shown(error.message)} Next try in ${Math.ceil(ms / 1000)} s.\n`, process.stderr),
      })
      line?.draw(report.reached, true)
      if (options.json) printJson(report)
      else print(`${reportInWords(report, paintFor(process.stdout))}${report.reached}\n`)
      return report.rejected > 0 ? EXIT.refused : EXIT.done
    } catch (error) {
      if (error instanceof FetchError) throw new OutsideError(shown(error.message), { cause: error })
      throw error
    }
  },
})
