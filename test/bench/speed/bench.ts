/**
 * `npm run bench [-- intake small foreign shapes answers busy clickhouse memory stays flood grows] [--rounds N] [--minutes N] [--millions N] [--asks N] [--kinds A,B] [--write]`
 * Prints the table of figures and, when all parts ran, writes it into test/bench/README.md. `--write`: writes the lines of some
 * parts into the table that is there.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answers } from './answers.js'
import { busy } from './busy.js'
import { FOLDER } from './exports.js'
import { floods } from './flood.js'
import { foreign } from './foreign.js'
import { grows } from './grows.js'
import { intake, monthStore, stays } from './intake.js'
import { memory } from './memory.js'
import { clickhouse } from './clickhouse.js'
import { hasEngines } from './peers.js'
import { shapes } from './shapes.js'
import { small } from './small.js'
import { ROOT } from './processes.js'
import { markdown, noteOf, type Row } from './table.js'

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    millions: { type: 'string', default: '10' },
    asks: { type: 'string', default: '40' },
    minutes: { type: 'string', default: '10' },
    write: { type: 'boolean' },
    kinds: { type: 'string', default: '' },
  },
  allowPositionals: true,
})
const wants = (part: string) => positionals.length === 0 || positionals.includes(part)
const rounds = Number(values.rounds)
const millions = Number(values.millions)

if (!hasEngines())
  process.stderr.write(
    'DuckDB and ClickHouse are not there: their ratios are left out. npm run engines installs them.\n',
  )
mkdirSync(FOLDER, { recursive: true })

const rows: Row[] = []
const report = (more: Row[]) => {
  for (const row of more)
    process.stdout.write(`${[row.what, row.target, row.measured, row.ratio, noteOf(row)].join('\t')}\n`)
  rows.push(...more)
}
if (wants('intake')) report(await intake(rounds))
if (wants('foreign')) for await (const row of foreign(rounds, values.kinds.split(',').filter(Boolean))) report([row])
if (wants('small')) for await (const row of small(rounds)) report([row])
if (wants('shapes')) for await (const row of shapes(rounds)) report([row])
if (wants('memory')) report(await memory())
if (wants('busy')) report(await busy())
// not among the others: it has the machine to itself, for as long as it is told
if (positionals.includes('flood')) report(await floods(Number(values.minutes)))
if (positionals.includes('grows')) for await (const row of grows(millions, Number(values.asks))) report([row])
if (wants('clickhouse') && hasEngines()) report(await clickhouse(millions, rounds, Number(values.asks)))
if (wants('answers') || wants('stays')) {
  const store = await monthStore(FOLDER, millions)
  report([
    {
      what: `disk, ${store.records / 1e6} million records of 30 days with everything`,
      target: '≤ 90 bytes',
      measured: `${store.bytesPerRecord.toFixed(1)} bytes per record`,
      ratio: '',
      note: '',
    },
  ])
  if (wants('answers')) report(await answers(store.path, store.files, Number(values.asks)))
  if (wants('stays')) report(await stays(store.path, millions, rounds))
}

const path = join(ROOT, 'test/bench/README.md')
/** Only this part is written: other tables have rows of the same names. */
const FIGURES = /<!-- figures -->[\s\S]*<!-- end of figures -->/
if (positionals.length === 0) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).toString().trim()
  const machine = `${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, commit ${commit}, ${new Date().toISOString().slice(0, 10)}`
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(FIGURES, () => `<!-- figures -->\n${machine}\n\n${markdown(rows)}\n<!-- end of figures -->`),
  )
} else if (values.write) {
  const measured = new Map(rows.map((row) => [`| ${row.what} |`, markdown([row]).split('\n')[2]]))
  const anew = (line: string) => measured.get(/^\| [^|]* \|/.exec(line)?.[0] ?? '') ?? line
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(FIGURES, (figures) => figures.split('\n').map(anew).join('\n')),
  )
}
process.exit(0)
