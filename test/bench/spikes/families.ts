import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LABELS_FILE, readCorpora, type Corpus, type Labels } from './families/corpus.js'
import { corpusOf, FAMILIES } from './families/families.js'
import { familyRow, newFamilyTally, tallyFamily, type FamilyTally } from './families/score.js'
import { reportOf, stop } from './log-level-run.js'

/**
 * How good are spikes where it is hard? Families of days, each with its own figures; or any labelled corpus.
 *
 *   node families.js [--from 1000] [--seeds 3] [--only TEXT]   the families; seeds below 1000 were used for tuning
 *   node families.js --data DIR                                every folder of DIR that holds logs and labels.json
 *   --mistakes lists what went wrong; --stores FOLDER keeps the stores, so that the next run only looks
 *   --write FOLDER writes the families as such folders, for other detectors
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1000' },
    seeds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    data: { type: 'string' },
    stores: { type: 'string' },
    write: { type: 'string' },
    mistakes: { type: 'boolean', default: false },
  },
})

function* corpora(): Generator<Corpus> {
  if (values.data !== undefined) return yield* readCorpora(values.data)
  for (const family of Object.keys(FAMILIES)) {
    if (!family.includes(values.only)) continue
    for (let i = 0; i < Number(values.seeds); i++) yield corpusOf(family, Number(values.from) + i)
  }
}

function write(corpus: Corpus, root: string): void {
  const folder = join(root, corpus.name.replaceAll(/[^a-z0-9]+/gi, '-'))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'logs.ndjson'), Buffer.concat([...corpus.chunks()]))
  writeFileSync(join(folder, LABELS_FILE), `${JSON.stringify(corpus.labels(), null, 2)}\n`)
}

/** The labels of logs that are made are known once they are made; of a store that is kept they are kept beside it. */
function labelsOf(corpus: Corpus, folder: string): Labels {
  const file = join(folder, LABELS_FILE)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Labels
  const labels = corpus.labels()
  writeFileSync(file, JSON.stringify(labels))
  return labels
}

const stores = values.stores ?? mkdtempSync(join(tmpdir(), 'faultline-bench-'))
const tallies = new Map<string, FamilyTally>()
try {
  for (const corpus of corpora()) {
    if (values.write !== undefined) {
      write(corpus, values.write)
      continue
    }
    const folder = join(stores, corpus.name.replaceAll(/[^a-z0-9]+/gi, '-'))
    const { report, span, seconds } = await reportOf(corpus.chunks, folder)
    const labels = labelsOf(corpus, folder)
    if (values.stores === undefined) rmSync(folder, { recursive: true, force: true })
    const tally = tallies.get(labels.family) ?? newFamilyTally()
    tallies.set(labels.family, tally)
    tallyFamily(tally, corpus, labels, report.spikes, span, seconds)
  }
} finally {
  await stop()
  if (values.stores === undefined) rmSync(stores, { recursive: true, force: true })
}
if (values.mistakes) for (const { mistakes } of tallies.values()) console.log(mistakes.join('\n'))
if (tallies.size > 0)
  console.table(Object.fromEntries([...tallies].map(([family, tally]) => [family, familyRow(tally)])))
