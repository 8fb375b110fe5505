import { defineCommand, EXIT } from '../command-line/command.js'
import { JSON_FLAG, text } from '../command-line/option.js'
import { print, printJson } from '../command-line/print.js'
import { shown } from '../command-line/shown.js'

const PLACE = {
  placeholder: 'URL',
  takes: 'sqlite:PATH, clickhouse://user@host:8123/database or chdb:PATH',
  needed: true,
} as const
/** The line is redrawn so often, ms. */
const REDRAWN_EVERY = 200

export const copy = defineCommand({
  name: 'copy',
  summary: 'all records of one store into another, of whatever engine, with the reports of their batches',
  about:
    'Stopped, it goes on where it was when it is run again. At the end the figures of both are compared. The target is new, or\n' +
    'one that was copied to before. Tokens, rules, notifiers, annotations and the audit log stay where they are.',
  options: {
    from: text({ ...PLACE, description: 'the store that is read' }),
    to: text({ ...PLACE, description: 'the store that is written to, made if it is missing' }),
    ...JSON_FLAG,
  },
  examples: [
    {
      line: 'faultline copy --from sqlite:data/faultline.sqlite --to clickhouse://faultline@ch.example.com/logs',
      says: 'to a server',
    },
    { line: 'faultline copy --from chdb:data/trial --to sqlite:data/faultline.sqlite', says: 'and back' },
  ],
  async run({ from, to, json }) {
    const { copyStore } = await import('../copy/copy-store.js')
    const { differences } = await import('../copy/same-figures.js')
    const { openStore } = await import('../open-store.js')
    const begun = performance.now()
    const source = await openStore(from, undefined, { toRead: true })
    try {
      const target = await openStore(to)
      try {
        const outcome = await copyStore(source, target, progressLine(json))
        const differing = await differences(source, target)
        const seconds = (performance.now() - begun) / 1000
        if (json) printJson({ ...outcome, differences: differing, seconds })
        else print(inWords(outcome, differing, source.url, target.url))
        return differing.length > 0 ? EXIT.refused : EXIT.done
      } finally {
        await target.close()
      }
    } finally {
      await source.close()
    }
  },
})

function progressLine(json: boolean): (progress: { copied: number; total: number }) => void {
  if (json || !process.stderr.isTTY) return () => {}
  let drawn = -Infinity
  return ({ copied, total }) => {
    const last = copied >= total
    if (performance.now() - drawn < REDRAWN_EVERY && !last) return
    drawn = performance.now()
    const share = total === 0 ? 100 : Math.floor((copied / total) * 100)
    process.stderr.write(
      `\r\x1b[K${copied.toLocaleString('en')} of ${total.toLocaleString('en')} records, ${share} %${last ? '\n' : ''}`,
    )
  }
}

function inWords(
  { records, known, batches }: { records: number; known: number; batches: number },
  differing: readonly string[],
  from: string,
  to: string,
): string {
  const had = known === 0 ? '' : ` (${known} of them were there already)`
  const lines = [`Copied ${records} records of ${batches} batches${had} from ${shown(from)} to ${shown(to)}.`]
  if (differing.length === 0) lines.push('Both give the same figures.')
  else
    lines.push(
      'They do not give the same figures; where logs came in meanwhile, run it again:',
      ...differing.map((one) => `  ${one}`),
    )
  return `${lines.join('\n')}\n`
}
