/** GET /api/v1/export: the records of a selection, as many as there are. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { badRequest } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { Selection } from '../../schema/store/query.js'
import { iso } from '../../schema/words/iso.js'
import {
  langParameter,
  languageOf,
  oneOf,
  refuseUnknown,
  selectionOf,
  selectionParameters,
} from '../http/parameters.js'
import { fieldsOf } from './fields.js'
import { EXPORT_FORMATS, exported, MEDIA_TYPES } from './stream.js'

const querystring = {
  format: Type.Optional(Type.String({ description: `${EXPORT_FORMATS.join(', ')}. Default: ${EXPORT_FORMATS[0]}` })),
  fields: Type.Optional(Type.String({ description: 'Fields of a record with commas between. Default: all' })),
  lang: langParameter,
  ...selectionParameters,
}

/** What a stream holds before it waits for its reader, bytes. */
const AHEAD = 256 * 1024

export interface ExportOptions {
  /** the records that who asks may see */
  recordsFor: (request: FastifyRequest) => ReadRecords
}

export async function exportPlugin(instance: FastifyInstance, { recordsFor }: ExportOptions): Promise<void> {
  typed(instance).get(
    '/export',
    {
      schema: {
        description:
          'The records of a selection, oldest first, streamed: NDJSON, CSV in which no cell is a formula, or Parquet with typed columns. An answer that breaks off is not whole',
        tags: ['questions'],
        querystring: Type.Object(querystring),
      },
    },
    async (request, reply) => {
      const { query } = request
      const records = recordsFor(request)
      refuseUnknown(query, Object.keys(querystring))
      const wanted = oneOf(query, 'format') ?? EXPORT_FORMATS[0]
      const format = EXPORT_FORMATS.find((one) => one === wanted)
      if (format === undefined)
        throw badRequest('BAD_FORMAT', `"format=${wanted}" is not known. Give one of: ${EXPORT_FORMATS.join(', ')}.`)
      const { counted, ...extent } = await records.extent()
      const selection = selectionOf(query, extent)
      // only counts remain of some that were meant: the file cannot say so
      if (counted && selection.from < counted.to) reply.header('faultline-records-gone-before', iso(counted.to))
      const question = { selection, format, fields: fieldsOf(oneOf(query, 'fields')), lang: languageOf(query) }
      return reply
        .type(MEDIA_TYPES[format])
        .header('content-disposition', `attachment; filename="${nameOf(selection)}.${format}"`)
        .send(Readable.from(exported(records, question), { objectMode: false, highWaterMark: AHEAD }))
    },
  )
}

/** `faultline-20260520T0000Z-20260521T0000Z` */
function nameOf({ from, to }: Selection): string {
  const short = (at: number) => `${iso(at).slice(0, 16).replaceAll(/[-:]/g, '')}Z`
  return `faultline-${short(from)}-${short(to)}`
}
