/** What the rules to begin with say for themselves: on the pages about rules alone. */
import type { Language, Translated } from './languages.js'
import { translated, type Starter } from './starters.js'

export const STARTER_NOTES: { [S in Starter]: Translated<string> } = {
  surge: {
    en: 'An error rose far above what its past predicts. The notice names the documented cause that the records speak for.',
    fr: 'Une erreur dépasse de loin ce que son passé laisse prévoir. L’avis nomme la cause documentée que les enregistrements désignent.',
    zh: '某种错误远高于其历史预期。通知会写明记录所指向的文档原因。',
  },
  serverErrors: {
    en: 'A large share of requests gets a 5xx, whoever wrote it.',
    fr: 'Une grande part des requêtes reçoit un 5xx, quel qu’en soit l’auteur.',
    zh: '大量请求得到 5xx，无论由谁返回。',
  },
  originFailures: {
    en: 'Cloudflare cannot get an answer from the origin (520 to 526, 530, or 502 and 504 without an answer).',
    fr: 'Cloudflare n’obtient pas de réponse de l’origine (520 à 526, 530, ou 502 et 504 sans réponse).',
    zh: 'Cloudflare 无法从源站得到响应（520 至 526、530，或没有源站响应的 502、504）。',
  },
  visitorsLeft: {
    en: 'Many requests end with 499: the visitor closed the connection. Often the origin became slow.',
    fr: 'Beaucoup de requêtes finissent en 499 : le visiteur a fermé la connexion. Souvent, l’origine est devenue lente.',
    zh: '许多请求以 499 结束：访客关闭了连接，常见原因是源站变慢。',
  },
  edgeRefuses: {
    en: 'Cloudflare blocks or limits a large share of requests (403, 429). A security rule may hit real visitors.',
    fr: 'Cloudflare bloque ou limite une grande part des requêtes (403, 429). Une règle de sécurité touche peut-être de vrais visiteurs.',
    zh: 'Cloudflare 拦截或限制了大量请求（403、429），安全规则可能误伤了真实访客。',
  },
  fastBurn: {
    en: 'At this pace the error budget is used up in hours or a few days.',
    fr: 'À ce rythme, le budget d’erreur est épuisé en quelques heures ou quelques jours.',
    zh: '照此速度，错误预算将在数小时或数天内耗尽。',
  },
  slowBurn: {
    en: 'The error budget will not last its period.',
    fr: 'Le budget d’erreur ne tiendra pas jusqu’à la fin de sa période.',
    zh: '错误预算撑不到周期结束。',
  },
  noLogs: {
    en: 'No logs have come for a while. Without them no other rule can tell anything.',
    fr: 'Aucun journal n’est arrivé depuis un moment. Sans eux, aucune autre règle ne peut rien dire.',
    zh: '已有一段时间没有收到日志。没有日志，其他规则都无法判断。',
  },
}

export const noteIn = (note: string, lang: Language): string => translated(Object.values(STARTER_NOTES), note, lang)
