/**
 * The documented advice where one client is behind it: limit or block it, or mend the job that it is.
 * https://developers.cloudflare.com/waf/rate-limiting-rules/ and https://developers.cloudflare.com/waf/tools/ip-access-rules/
 */
import type { Cause } from '../../../schema/status/entry.js'

type Advice = Pick<Cause, 'title' | 'explanation' | 'check' | 'url'>

const ONE_CLIENT: Advice = {
  title: {
    en: 'One client sends what fails',
    fr: 'Un seul client envoie ce qui échoue',
    zh: '失败的请求来自同一个客户端',
  },
  explanation: {
    en: 'Nearly all of these requests come from one address; other visitors are not affected. It may be a scanner or an attack, or a program of a partner that tries again without a pause.',
    fr: 'Presque toutes ces requêtes viennent d’une même adresse ; les autres visiteurs ne sont pas touchés. Ce peut être un scanner ou une attaque, ou le programme d’un partenaire qui réessaie sans pause.',
    zh: '这些请求几乎全部来自同一个地址，其他访问者不受影响。可能是扫描器或攻击，也可能是合作方的程序在不间断地重试。',
  },
  check: {
    en: [
      'Look at what it asks for, its network and its user agent: is it somebody you know?',
      'If not, slow it down with a rate limiting rule, or block the address or its network with a custom rule or an IP access rule.',
      'If it is yours or a partner’s, mend the program: it should wait longer after each failure.',
    ],
    fr: [
      'Regarder ce qu’il demande, son réseau et son agent utilisateur : est-ce quelqu’un de connu ?',
      'Sinon, le freiner par une règle de limitation du débit, ou bloquer l’adresse ou son réseau par une règle personnalisée ou une règle d’accès IP.',
      'S’il s’agit de votre programme ou de celui d’un partenaire, le corriger : il devrait attendre plus longtemps après chaque échec.',
    ],
    zh: [
      '查看它请求的内容、所属网络和用户代理：是否为已知对象？',
      '若不是，用速率限制规则放慢它，或用自定义规则或 IP 访问规则封禁该地址或其网络。',
      '若是自己或合作方的程序，应修正它：每次失败后等待更久再重试。',
    ],
  },
  url: 'https://developers.cloudflare.com/waf/rate-limiting-rules/',
}

const PATTERN: Advice = {
  title: {
    en: 'A job of one client fails each time it runs',
    fr: 'Une tâche d’un seul client échoue à chaque exécution',
    zh: '某个客户端的定时任务每次运行都失败',
  },
  explanation: {
    en: 'The same client fails at the same time of each period: a scheduled job, an import or a backup. It is told once and again only if it changes.',
    fr: 'Le même client échoue au même moment de chaque période : tâche planifiée, importation ou sauvegarde. Cela n’est dit qu’une fois, puis seulement en cas de changement.',
    zh: '同一个客户端在每个周期的同一时刻失败：计划任务、导入或备份。只提示一次，发生变化时才再次提示。',
  },
  check: {
    en: [
      'Find the job by its time, its address and its path, and read its own log.',
      'Mend it or switch it off; until then a rate limiting rule keeps it from harming others.',
    ],
    fr: [
      'Trouver la tâche d’après son heure, son adresse et son chemin, et lire son propre journal.',
      'La corriger ou l’arrêter ; d’ici là, une règle de limitation du débit l’empêche de gêner les autres.',
    ],
    zh: ['按时刻、地址和路径找到该任务，查看它自己的日志。', '修复或停用它；在此之前，速率限制规则可避免它影响他人。'],
  },
  url: 'https://developers.cloudflare.com/waf/rate-limiting-rules/',
}

const causeOf = (slug: string, status: number, advice: Advice): Cause => ({
  id: `${status}/${slug}`,
  plausibility: 1,
  ...advice,
})

export const oneClientCause = (status: number): Cause => causeOf('one-client', status, ONE_CLIENT)
export const patternCause = (status: number): Cause => causeOf('failing-job', status, PATTERN)
