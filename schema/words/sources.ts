import type { Translated } from './languages.js'

/** Who wrote the status that the visitor got. */
export const SOURCES = ['client', 'edge', 'origin-failure', 'cache', 'worker', 'origin', 'undetermined'] as const
export type Source = (typeof SOURCES)[number]

/** What they are called. */
export const SOURCE_NAMES: { readonly [source in Source]: Translated<string> } = {
  'client': { en: 'Client', fr: 'Client', zh: '客户端' },
  'edge': { en: 'Edge', fr: 'Périphérie', zh: '边缘' },
  'origin-failure': { en: 'Origin failure', fr: 'Panne d’origine', zh: '源站故障' },
  'cache': { en: 'Cache', fr: 'Cache', zh: '缓存' },
  'worker': { en: 'Worker', fr: 'Worker', zh: 'Worker' },
  'origin': { en: 'Origin', fr: 'Serveur d’origine', zh: '源站' },
  'undetermined': { en: 'Undetermined', fr: 'Indéterminée', zh: '无法判定' },
}
