import { Type, type Static } from 'typebox'
import { INPUTS_IN_WORDS } from '../words/inputs.js'
import { REJECTION_REASONS } from '../words/rejections.js'

export { REJECTION_REASONS, type RejectionReason } from '../words/rejections.js'

export const RejectedLineSchema = Type.Object({
  input: Type.String({ description: 'Name of the file or upload' }),
  line: Type.Integer({
    description:
      'Line number in the input (in a file of an archive: in that), from 1, blank lines counted. Where records share a line, each counts as a line',
  }),
  reason: Type.Enum(REJECTION_REASONS, { description: 'Why the line could not become a record' }),
  sample: Type.String({ description: 'The beginning of the line, at most 240 characters' }),
  at: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Of a line that is no JSON: the character at which it stops being so, from 1',
  }),
  found: Type.Union([Type.String(), Type.Null()], { description: 'What stands there; empty: the line ends' }),
})
export type RejectedLine = Static<typeof RejectedLineSchema>

export const MissingFieldSchema = Type.Object({
  field: Type.String({ description: "Cloudflare's name of a field that no line of the batch carried" }),
  spoils: Type.String({ description: 'What nobody can tell without it' }),
})
export type MissingField = Static<typeof MissingFieldSchema>

/** What comes behind compressed data. */
export const AFTER = ['zeros', 'text', 'bytes'] as const
export const AfterSchema = Type.Object(
  {
    what: Type.Enum(AFTER, { description: 'zeros; text; other bytes' }),
    bytes: Type.Integer({ description: 'How many bytes of the input that is' }),
    sample: Type.String({ description: 'The beginning of the text' }),
  },
  { description: 'What came behind the compressed data and was not read' },
)
export type After = Static<typeof AfterSchema>

/** Why something in an input was not read as a log. */
export const LEFT_OUT = ['no-log', 'csv-without-header', 'ownership-challenge', 'other-dataset', 'packed'] as const
export const LeftOutSchema = Type.Object({
  name: Type.String({ description: 'Name of the file, as the archive has it' }),
  why: Type.Enum(LEFT_OUT),
})
export type LeftOut = Static<typeof LeftOutSchema>

export const BatchReportSchema = Type.Object({
  id: Type.String({ description: 'Names the batch; nothing can be read out of it' }),
  input: Type.String({ description: INPUTS_IN_WORDS }),
  name: Type.Union([Type.String(), Type.Null()]),
  job: Type.Union([Type.String(), Type.Null()], {
    description: 'Which of several jobs of the input brought it, where that is known',
  }),
  sender: Type.Union([Type.String(), Type.Null()], {
    description:
      'Who sent it: the name of the token or of who signed in; null where nobody is asked, or it was fetched',
  }),
  senderAddress: Type.Union([Type.String(), Type.Null()], {
    description: 'The address that it was sent from; null for what was fetched or read from files',
  }),
  state: Type.Union([Type.Literal('open'), Type.Literal('complete'), Type.Literal('aborted')]),
  message: Type.Union([Type.String(), Type.Null()], { description: 'Why the batch was aborted, and what to do' }),
  lines: Type.Integer({ description: 'Lines that were not blank' }),
  stored: Type.Integer(),
  duplicates: Type.Integer({ description: 'Records already stored' }),
  rejected: Type.Integer(),
  rejectedByReason: Type.Record(Type.String(), Type.Integer()),
  rejections: Type.Array(RejectedLineSchema, {
    description: 'The first 100; all that were kept under /batches/{id}/rejected',
  }),
  missingFields: Type.Array(MissingFieldSchema),
  via: Type.Array(Type.String(), {
    description: 'The containers and wrappers that records were found in: tar, JSON array, Vector (message) …',
  }),
  weighted: Type.Boolean({ description: 'Did records say themselves how many requests they stand for?' }),
  after: Type.Union([AfterSchema, Type.Null()]),
  leftOut: Type.Array(LeftOutSchema, { description: 'Files of an archive that are no logs, at most 100' }),
  bytes: Type.Integer({ description: 'Bytes read, after decompression' }),
  from: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'First event time of the lines read',
  }),
  to: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'Last event time of the lines read',
  }),
  receivedAt: Type.String({ format: 'date-time' }),
  lagSeconds: Type.Union([Type.Number(), Type.Null()], { description: 'From the last event to its arrival' }),
  seconds: Type.Number({ description: 'Time taken' }),
})
export type BatchReport = Static<typeof BatchReportSchema>

export const DeletionReportSchema = Type.Object({
  id: Type.String(),
  removed: Type.Integer({ description: 'Records that this batch had stored and that are gone now' }),
  broughtAgain: Type.Integer({
    description: 'How many of those a later batch had brought again as duplicates: send it again to have them back',
  }),
})
export type DeletionReport = Static<typeof DeletionReportSchema>

/** What the start of a useless input looks like; the page has words for each in every language. */
export const SEEN = [
  'other-dataset',
  'not-requests',
  'table',
  'no-status',
  'no-time',
  'bad-value',
  'stream-error',
  'too-long',
  'truncated',
  'packed',
  'binary',
  'html',
  'csv',
  'bad-columns',
  'bad-json',
  'renamed',
  'own-export',
  'api-error',
  'graphql',
  'other-format',
  'no-log-inside',
  'other',
] as const
export type Seen = (typeof SEEN)[number]
