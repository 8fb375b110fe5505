import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * A labelled corpus: a folder of logs with `labels.json` beside them. The README of the benchmarks documents it for
 * those who bring their own; the families of the benchmark are made in the same form.
 */
export const LabelSchema = Type.Object(
  {
    id: Type.String(),
    start: Type.String({ description: 'ISO 8601' }),
    end: Type.String({ description: 'ISO 8601, exclusive' }),
    status: Type.Optional(Type.Union([Type.Integer(), Type.Null()], { description: 'absent or null: several codes' })),
    statusClass: Type.Union([Type.Literal('4xx'), Type.Literal('499'), Type.Literal('5xx'), Type.Literal('slow')], {
      description: '`slow`: answers became slow',
    }),
    told: Type.Union([Type.Literal('find'), Type.Literal('either'), Type.Literal('note'), Type.Literal('once')], {
      description:
        '`find`: has to be told. `either`: telling it is neither right nor wrong. `note`: of one client; telling it is no mistake unless it pages. `once`: a pattern between start and end, told at most once',
    }),
    scope: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'host, path, country, colo, asn … that it is limited to',
      }),
    ),
    client: Type.Optional(Type.String({ description: 'the one address behind it, which has to be named' })),
    cause: Type.Optional(Type.String({ description: 'id of the documented cause that has to come first' })),
    delayFrom: Type.Optional(
      Type.String({ description: 'ISO 8601: the delay counts from here; default: from its start' }),
    ),
  },
  { additionalProperties: false },
)
export type Label = Static<typeof LabelSchema>

export const LabelsSchema = Type.Object(
  {
    family: Type.String(),
    incidents: Type.Array(LabelSchema),
  },
  { additionalProperties: false },
)
export type Labels = Static<typeof LabelsSchema>

/** Logs, and what is true of them. */
export interface Corpus {
  name: string
  /** once the chunks were read */
  labels(): Labels
  chunks(): Iterable<Uint8Array>
}

const validator = Compile(LabelsSchema)
export const LABELS_FILE = 'labels.json'

/** Every folder below `root` (itself included) that holds labels. */
export function readCorpora(root: string): Corpus[] {
  const here = existsSync(join(root, LABELS_FILE)) ? [readCorpus(root)] : []
  const below = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => readCorpora(join(root, entry.name)))
  return [...here, ...below]
}

function readCorpus(folder: string): Corpus {
  const file = join(folder, LABELS_FILE)
  const labels: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!validator.Check(labels)) {
    const [first] = validator.Errors(labels)
    throw new Error(
      `${file}: ${first.instancePath || '/'} ${first.message}; test/bench/spikes/README.md documents the format`,
    )
  }
  const logs = readdirSync(folder)
    .filter((name) => name !== LABELS_FILE && !name.startsWith('.'))
    .sort()
  return {
    name: folder,
    labels: () => labels,
    *chunks() {
      for (const name of logs) yield readFileSync(join(folder, name))
    },
  }
}
