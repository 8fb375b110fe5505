/** Batches are numbered here; to everybody else the number is a word. */

export const batchId = (number: number): string => String(number)

/** Null: no id of ours. */
export const batchNumber = (id: string): number | null => (/^[1-9]\d{0,14}$/.test(id) ? Number(id) : null)
