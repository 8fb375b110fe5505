/**
 * What the files of the catalogue must look like, and what the API gives of them. The shapes are validator and type
 * at once. All texts are plain text, complete in every language.
 */
import { Type, type Static, type TSchema } from 'typebox'
import { LANGUAGES, type Language } from '../words/languages.js'
import type { Source } from '../words/sources.js'
import { STATUS_CLASSES } from './status-class.js'
import { EVIDENCE_FIELDS } from '../words/fields.js'
import { WhenSchema } from './when.js'

const closed = { additionalProperties: false } as const

function inEveryLanguage<T extends TSchema>(text: T) {
  return Type.Object(Object.fromEntries(LANGUAGES.map((l) => [l, text])) as { [L in Language]: T }, closed)
}

const Text = inEveryLanguage(Type.String({ pattern: '\\S' }))
const Steps = inEveryLanguage(Type.Array(Type.String({ pattern: '\\S' }), { minItems: 2, maxItems: 4 }))
const Link = Type.String({ pattern: '^https://[^\\s]+$' })
/** one page for everybody, or one page a language */
const Url = Type.Union([Link, inEveryLanguage(Link)])
const Share = Type.Number({ minimum: 0, maximum: 1 })
const Slug = '[a-z0-9]+(?:-[a-z0-9]+)*'
const WRITERS = ['client', 'edge', 'origin', 'origin-failure', 'cache', 'worker'] as const satisfies readonly Source[]
const Writers = Type.Array(Type.Enum(WRITERS), { minItems: 1, uniqueItems: true })

/** Evidence that only a comparison with the past gives, for example whether answers became slower. */
export const TrendSchema = Type.Object(
  {
    /** the first measure that both the spike and its past carry decides; if there is none, the cause cannot be told */
    measure: Type.Array(Type.Enum(['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs']), {
      minItems: 1,
      uniqueItems: true,
    }),
    /** whose measure: the answers of the same hosts that carry another status */
    of: Type.Literal('other-responses'),
    direction: Type.Enum(['slower', 'not-slower']),
    /** slower means: at least this many times what the past had */
    atLeast: Type.Number({ exclusiveMinimum: 1 }),
  },
  closed,
)
export type Trend = Static<typeof TrendSchema>

/**
 * What no single record shows, only all of them together: that one client made nearly all of the requests, or does so
 * by the clock, and where answers became slow.
 */
export const FINDINGS = [
  'single-client',
  'failing-job',
  'slow-origin',
  'slow-edge-location',
  'slow-path',
  'stale',
] as const
export type Finding = (typeof FINDINGS)[number]

const causeBody = {
  /** how likely the cause is where no record tells, 0–1; the causes of a code sum to at most 1 */
  plausibility: Share,
  title: Text,
  explanation: Text,
  /** what to check first: two to four steps, the same number in every language */
  check: Steps,
  url: Url,
  /** what an export must carry to tell this cause for sure; named where no record speaks for it */
  needs: Type.Optional(Type.Array(Type.Enum(EVIDENCE_FIELDS), { minItems: 1, uniqueItems: true })),
  /** absent: the documents name the cause, but no logged field shows it */
  when: Type.Optional(WhenSchema),
  /** records that are left over when no cause of the status explains them; a guess, and told as one */
  otherwise: Type.Optional(WhenSchema),
  /** records that speak against it, whatever else does for it: a time-out that took 8 ms */
  against: Type.Optional(WhenSchema),
  /** what only all records together show */
  finding: Type.Optional(Type.Enum(FINDINGS)),
  trend: Type.Optional(TrendSchema),
}

/** A documented reason for a status, or for slowness. */
export const CauseSchema = Type.Object(
  { id: Type.String({ pattern: `^(?:\\d{1,3}|latency|stale)/${Slug}$` }), ...causeBody },
  closed,
)
export type Cause = Static<typeof CauseSchema>

/** catalogue/<code>.yaml */
export const EntrySchema = Type.Object(
  {
    code: Type.Integer({ minimum: 100, maximum: 599 }),
    writtenBy: Writers,
    title: Text,
    meaning: Text,
    url: Url,
    causes: Type.Array(CauseSchema),
  },
  closed,
)
export type Entry = Static<typeof EntrySchema>

const CodeRange = { from: Type.Integer(), to: Type.Integer() }

/** catalogue/shared.yaml: causes of many codes, written once. `{status}` in a text stands for the code. */
export const SharedCausesSchema = Type.Array(
  Type.Object(
    {
      slug: Type.String({ pattern: `^${Slug}$` }),
      codes: Type.Object({ ...CodeRange, except: Type.Optional(Type.Array(Type.Integer())) }, closed),
      ...causeBody,
    },
    closed,
  ),
)
export type SharedCause = Static<typeof SharedCausesSchema>[number]

/**
 * catalogue/unlisted.yaml: what is said of codes that no document describes. The first range that fits counts; its
 * causes say who wrote the status, which is all that the records tell.
 */
export const UnlistedSchema = Type.Object(
  {
    codes: Type.Array(
      Type.Object(
        {
          codes: Type.Object(CodeRange, closed),
          writtenBy: Writers,
          title: Text,
          meaning: Text,
          url: Url,
        },
        closed,
      ),
      { minItems: 1 },
    ),
    causes: SharedCausesSchema,
  },
  closed,
)
export type Unlisted = Static<typeof UnlistedSchema>

/** catalogue/latency.yaml and stale.yaml: causes of what has no code, answers that become slow or old while their statuses stay what they were. */
export const LatencySchema = Type.Object({ causes: Type.Array(CauseSchema, { minItems: 1 }) }, closed)

/** A cause as the API gives it: one language, without the machinery. */
export const StatusCauseSchema = Type.Object({
  id: Type.String({ description: '<status>/<slug>' }),
  title: Type.String(),
  explanation: Type.String(),
  check: Type.Array(Type.String(), { description: 'What to check first, in order' }),
  url: Type.String(),
})
export type StatusCause = Static<typeof StatusCauseSchema>

/** A status as the API gives it: `GET /api/v1/statuses/{code}`. */
export const StatusEntrySchema = Type.Object({
  code: Type.Integer(),
  statusClass: Type.Enum(STATUS_CLASSES),
  title: Type.String(),
  meaning: Type.String(),
  writtenBy: Type.Array(Type.Enum(WRITERS), { description: 'Who can write the status' }),
  causes: Type.Array(StatusCauseSchema),
  url: Type.String(),
  lang: Type.Enum(LANGUAGES),
})
export type StatusEntry = Static<typeof StatusEntrySchema>
