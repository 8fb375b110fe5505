/** How statuses are counted together: 499 (the client left) is no error of anybody's making and stands alone. */
export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '499', '5xx', 'other'] as const
export type StatusClass = (typeof STATUS_CLASSES)[number]

/** The class of a status; `other` for 0 (no status was sent), 1xx and whatever is no HTTP status at all. */
export function statusClassOf(code: number): StatusClass {
  if (code === 499) return '499'
  switch (Math.floor(code / 100)) {
    case 2:
      return '2xx'
    case 3:
      return '3xx'
    case 4:
      return '4xx'
    case 5:
      return '5xx'
    default:
      return 'other'
  }
}

/** A request that ended in one of these ended in an error. */
export const ERROR_CLASSES = ['4xx', '499', '5xx'] as const satisfies readonly StatusClass[]

export function isErrorStatus(status: number): boolean {
  return (ERROR_CLASSES as readonly StatusClass[]).includes(statusClassOf(status))
}
