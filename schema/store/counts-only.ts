/** Records that are gone while their counts remain: what can still be asked, and what is said to who asks for more. */

/** Counts that outlive their records are kept by so many ms: every time zone begins its hours and days at one of these. */
export const COUNTED_STEP = 900_000

/** Records before `before` (epoch ms) are gone, and what was asked only they could tell. */
export function recordsGone(before: number): Error {
  const day = new Date(before).toISOString().slice(0, 10)
  return Object.assign(
    new RangeError(
      `Records before ${day} are gone; of that time counts by zone, host, status and source remain, by quarter of an hour. ` +
        `Ask for these, or for a range from ${day} (UTC) on.`,
    ),
    { code: 'RECORDS_GONE' },
  )
}

export const isRecordsGone = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === 'RECORDS_GONE'

/** Null where only counts remain of what was asked. */
export const unlessGone = <T>(answer: Promise<T>): Promise<T | null> =>
  answer.catch((error: unknown) => {
    if (isRecordsGone(error)) return null
    throw error
  })

/** A batch whose records are counted only: what was counted is not told apart by batches. */
export function batchCounted(batch: string): Error {
  return Object.assign(
    new Error(
      `Records of batch ${batch} are gone by age and counted only, and counts do not know which batch they came with: it can no ` +
        'longer be taken out.',
    ),
    { code: 'BATCH_COUNTED' },
  )
}
