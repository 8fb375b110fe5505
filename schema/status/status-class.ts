import type { Language, Translated } from '../words/languages.js'

/** How statuses are counted together: 499 (the client left) is no error of anybody's making and stands alone. */
export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '499', '5xx', 'other'] as const
export type StatusClass = (typeof STATUS_CLASSES)[number]

/** What they are called. */
export const CLASS_NAMES: { readonly [name in StatusClass]: Translated<string> } = {
  '2xx': { en: 'Success', fr: 'Succès', zh: '成功' },
  '3xx': { en: 'Redirect', fr: 'Redirection', zh: '重定向' },
  '4xx': { en: 'Client error', fr: 'Erreur client', zh: '客户端错误' },
  '499': { en: 'Client closed the request', fr: 'Requête fermée par le client', zh: '客户端关闭请求' },
  '5xx': { en: 'Server error', fr: 'Erreur serveur', zh: '服务器错误' },
  'other': { en: 'Other', fr: 'Autre', zh: '其他' },
}

export function classNames(language: Language): { [name in StatusClass]: string } {
  return Object.fromEntries(STATUS_CLASSES.map((name) => [name, CLASS_NAMES[name][language]])) as {
    [name in StatusClass]: string
  }
}

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
