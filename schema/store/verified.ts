/** What checking a store came to. */
export interface Finding {
  /** what is damaged, for people */
  what: string
  /** `records`: lost unless a backup has them; `derived`: made of records that are whole; `structure`: of the file itself */
  kind: 'records' | 'derived' | 'structure' | 'reports'
  repaired: boolean
}

export interface Verified {
  store: string
  segments: number
  records: number
  batches: number
  findings: Finding[]
}
