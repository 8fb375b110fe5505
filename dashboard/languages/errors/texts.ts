/**
 * What the service refuses or fails at, by its code, for readers of other languages: the service itself explains in
 * English. `test/dashboard/errors.test.ts` holds that no code of the service is missing here.
 */
import type { Seen } from '../../../schema/api/batches.js'

export const ERROR_CODES = [
  // uploads
  'NOT_NDJSON',
  'WRONG_ENCODING',
  'TRUNCATED',
  'CORRUPT',
  'DECOMPRESSION_BOMB',
  'INTERRUPTED',
  'TOO_SLOW',
  'UNREADABLE',
  'STREAM_ERROR',
  'BUSY',
  // inputs that fetch by themselves
  'FETCHED_TWICE',
  'CLOUDFLARE_UNREACHABLE',
  'CLOUDFLARE_TOKEN',
  'LOGPULL_RETENTION_OFF',
  'LOGPULL_TOO_OFTEN',
  'LOGPULL_TOO_OLD',
  'LOGPULL_TOO_NEW',
  'LOGPULL_FAILED',
  'LOGPULL_REFUSED',
  'LOGPULL_BROKEN_OFF',
  'BUCKET_MISSING',
  'BUCKET_CLOCK',
  'BUCKET_REGION',
  'BUCKET_FORBIDDEN',
  'BUCKET_BUSY',
  'BUCKET_REFUSED',
  'BUCKET_UNREACHABLE',
  'BUCKET_BROKEN_OFF',
  // the store and the service
  'STORE_BUSY',
  'STORE_FULL',
  'STORE_UNUSABLE',
  'STORE_CLOSED',
  'STORE_NEWER',
  'STORE_DAMAGED',
  'STORE_UNREACHABLE',
  'STORE_REFUSED',
  'INTERNAL',
  'PAGE_NOT_BUILT',
  'NO_SUCH_ROUTE',
  'TOO_MANY_LISTENERS',
  'FOREIGN_HOST',
  'FOREIGN_ORIGIN',
  'TOKEN_NEEDED',
  'BAD_REQUEST',
  'BAD_JSON',
  'WRONG_TYPE',
  'TOO_LARGE',
  'BODY_TOO_SLOW',
  'TOO_MANY_FAILURES',
  'TOO_MANY_CHANGES',
  // questions
  'BAD_FILTER',
  'BAD_TIME',
  'BAD_STEP',
  'BAD_ZONE',
  'BAD_NUMBER',
  'BAD_CURSOR',
  'BAD_COMPARE',
  'BAD_SORT',
  'BAD_PERCENTILE',
  'EMPTY_RANGE',
  'TOO_MANY_POINTS',
  'MISSING_PARAMETER',
  'REPEATED_PARAMETER',
  'UNKNOWN_PARAMETER',
  'UNKNOWN_DIMENSION',
  'UNKNOWN_MEASURE',
  'UNKNOWN_LANGUAGE',
  'NO_SUCH_RECORD',
  'NO_SUCH_BATCH',
  'BATCH_OPEN',
  'BATCH_GONE',
  'BATCH_CLOSED',
  'PART_CONFLICT',
  'NO_SUCH_SPIKE',
  'NO_SUCH_VERDICT',
  // notes on the time line, incidents
  'NO_TIME',
  'TWO_TIMES',
  'HALF_A_SPAN',
  'NO_SUCH_ANNOTATION',
  'TWO_SELECTIONS',
  'NO_SELECTION',
  'BAD_FORMAT',
  'NO_SUCH_INCIDENT',
  // alerting
  'BAD_RULE',
  'WHICH_RULE',
  'RULE_FROM_FILE',
  'FIELDS_MISSING',
  'NO_DETECTOR',
  'ALERTS_BUSY',
  'ALERT_OVER',
  'NAME_TAKEN',
  'OTHER_TYPE',
  'UNKNOWN_TYPE',
  'MISSING_SETTING',
  'UNKNOWN_SETTING',
  'BAD_SETTING',
  'SECRET_NEEDED',
  'ADDRESS_REFUSED',
  'BAD_DURATION',
  'BAD_DAY',
  'BAD_STATE',
  'TOO_LONG',
  'NO_SUCH_RULE',
  'NO_SUCH_ALERT',
  'NO_SUCH_SILENCE',
  'NO_SUCH_MAINTENANCE',
  'NO_SUCH_NOTIFIER',
  'NO_SUCH_DELIVERY',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ErrorTexts {
  codes: { [code in ErrorCode]: string }
  /** what a useless file looks like, after the text of NOT_NDJSON */
  seen: { [seen in Seen]: string }
  /** of a batch whose process died */
  abandoned: string
  /** any code that is not known here */
  other: string
}
