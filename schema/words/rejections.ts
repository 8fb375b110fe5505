import type { Translated } from './languages.js'

/** Lines that could not become records. Threads that read logs need these words and no schemas, which take long to load. */

/** Why a line could not become a record. */
export const REJECTION_REASONS = [
  'not-json',
  'not-an-object',
  'too-long',
  'truncated',
  'other-dataset',
  'no-time',
  'bad-time',
  'no-status',
  'bad-status',
  'stream-error',
  'bad-columns',
  'other-zone',
  'records-gone',
] as const
export type RejectionReason = (typeof REJECTION_REASONS)[number]

/** Rejected lines kept of one batch; further ones are counted only. */
export const MOST_REJECTED_LINES = 10_000

/** What they are called. */
export const REJECTION_NAMES: { readonly [reason in RejectionReason]: Translated<string> } = {
  'not-json': { en: 'not JSON', fr: 'pas du JSON', zh: '不是 JSON' },
  'not-an-object': { en: 'not a JSON object', fr: 'pas un objet JSON', zh: '不是 JSON 对象' },
  'too-long': { en: 'longer than 1 MiB', fr: 'plus de 1 Mio', zh: '超过 1 MiB' },
  'truncated': { en: 'cut off', fr: 'tronquée', zh: '被截断' },
  'other-dataset': { en: 'another dataset', fr: 'autre jeu de données', zh: '其他数据集' },
  'no-time': { en: 'no time', fr: 'sans horodatage', zh: '缺少时间' },
  'bad-time': { en: 'time not understood', fr: 'horodatage incompris', zh: '时间无法识别' },
  'no-status': { en: 'no status', fr: 'sans statut', zh: '缺少状态码' },
  'bad-status': { en: 'status not a number', fr: 'statut non numérique', zh: '状态码不是数字' },
  'stream-error': { en: 'error of Cloudflare’s stream', fr: 'erreur du flux Cloudflare', zh: 'Cloudflare 数据流错误' },
  'bad-columns': {
    en: 'another number of columns than the header',
    fr: 'pas autant de colonnes que l’en-tête',
    zh: '列数与表头不一致',
  },
  'other-zone': {
    en: 'of a zone that its sender may not send',
    fr: 'd’une zone que l’expéditeur ne peut pas envoyer',
    zh: '发送方无权发送的区域',
  },
  'records-gone': {
    en: 'of a time whose records are gone and counted',
    fr: 'd’une période dont les enregistrements sont partis et comptés',
    zh: '所属时段的记录已删除，仅保留计数',
  },
}
