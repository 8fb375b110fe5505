/** What an operator sets for a job that reads a bucket: R2, S3, and what speaks S3 (GCS with HMAC keys, MinIO, Ceph …). */
import { Type, type Static } from 'typebox'
import { DAY, MINUTE, parseDuration, SECOND } from '../../../schema/words/duration.js'
import { momentOf } from '../moment.js'
import { DURATION, secret } from '../settings.js'

export const BucketSettings = Type.Object(
  {
    url: Type.String({
      pattern: '^(s3|r2)://[^/{}?]+(/[^?]*)?$',
      description:
        'Bucket and prefix, like s3://logs/http/{DATE}/ or r2://…; {DATE} is a day as Logpush writes it, 20260520',
    }),
    accessKeyId: Type.Optional(
      secret(
        'Id of the access key; it needs to list and read, no more. Without it: the role that AWS gives this machine',
      ),
    ),
    secretAccessKey: Type.Optional(secret('The access key itself')),
    sessionToken: Type.Optional(secret('Of keys that are lent for some hours (STS): the token that comes with them')),
    account: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F]{32}$',
        description: 'Of r2://: id of the Cloudflare account, 32 hexadecimal digits',
      }),
    ),
    endpoint: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'Address of the storage, where it is neither R2 nor AWS' }),
    ),
    region: Type.Optional(
      Type.String({ pattern: '^[a-z0-9-]+$', description: 'Region of the bucket, like eu-west-1' }),
    ),
    every: Type.Optional(
      Type.String({ pattern: DURATION, description: 'How often it looks for new objects: 1m if not said' }),
    ),
    late: Type.Optional(
      Type.String({
        pattern: DURATION,
        description: 'How late an object may come into a day that is over, or be written anew: 1d if not said',
      }),
    ),
    from: Type.Optional(
      Type.String({
        description: 'Objects written before are left alone: a time, or how far back, like 7d; 1d if not said',
      }),
    ),
    fields: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Fields that the lines have under names of their own, by Cloudflare’s name',
      }),
    ),
    sampleRate: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'Share of the requests that the job writes; each record then counts 1 / rate',
      }),
    ),
  },
  { additionalProperties: false },
)
export type BucketSettings = Static<typeof BucketSettings>

export interface Place {
  bucket: string
  /** without the first slash */
  prefix: string
}

export function placeOf({ url }: Pick<BucketSettings, 'url'>): Place {
  const [, bucket, prefix = ''] = /^(?:s3|r2):\/\/([^/]+)\/?(.*)$/s.exec(url) ?? ['', '', '']
  return { bucket, prefix }
}

/** Where to ask. R2: https://developers.cloudflare.com/r2/api/s3/api/ */
export function endpointOf({ url, account, endpoint, region }: BucketSettings): string {
  const base =
    endpoint ??
    (url.startsWith('r2:')
      ? `https://${account}.r2.cloudflarestorage.com`
      : `https://s3.${region ?? DEFAULT_REGION}.amazonaws.com`)
  return `${base.replace(/\/$/, '')}/${placeOf({ url }).bucket}`
}

/** Of AWS; others take `auto`. */
const DEFAULT_REGION = 'us-east-1'

export const regionOf = ({ url, endpoint, region }: BucketSettings): string =>
  region ?? (url.startsWith('r2:') || endpoint !== undefined ? 'auto' : DEFAULT_REGION)

export const everyOf = ({ every }: BucketSettings) => Math.max(SECOND, parseDuration(every ?? '') ?? MINUTE)
export const lateOf = ({ late }: BucketSettings) => parseDuration(late ?? '') ?? DAY
export const beginOf = ({ from }: BucketSettings, now: number) => momentOf(from ?? '1d', 'from', now)
