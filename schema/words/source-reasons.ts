/** Why a record has its source, in words. One sentence a reason and language; the codes are those of source.ts. */
import type { Language } from './languages.js'
import type { SourceReason } from './source.js'

const SENTENCES: { [reason in SourceReason]: { [lang in Language]: string } } = {
  'client-closed': {
    en: 'Status 499: the client closed the connection before the answer.',
    fr: 'Statut 499 : le client a fermé la connexion avant la réponse.',
    zh: '状态码 499：客户端在收到响应之前关闭了连接。',
  },
  'no-status-sent': {
    en: 'Status 0: no status was sent, the request was aborted.',
    fr: 'Statut 0 : aucun statut n’a été envoyé, la requête a été interrompue.',
    zh: '状态码 0：没有发送任何状态码，请求被中止。',
  },
  'origin-failure-status': {
    en: 'The edge gives 520–526 and 530 only because the origin failed.',
    fr: 'La périphérie ne donne 520–526 et 530 que parce que le serveur d’origine a échoué.',
    zh: '边缘只有在源站失败时才返回 520–526 和 530。',
  },
  'security-action': {
    en: 'A security rule ended the request and the origin gave no answer.',
    fr: 'Une règle de sécurité a mis fin à la requête et le serveur d’origine n’a pas répondu.',
    zh: '安全规则终止了该请求，源站没有响应。',
  },
  'pathing-banned': {
    en: 'EdgePathingOp is ban: the edge blocked the request.',
    fr: 'EdgePathingOp vaut ban : la périphérie a bloqué la requête.',
    zh: 'EdgePathingOp 为 ban：边缘拦截了该请求。',
  },
  'pathing-challenged': {
    en: 'EdgePathingOp is chl: the edge challenged the visitor.',
    fr: 'EdgePathingOp vaut chl : la périphérie a soumis un défi au visiteur.',
    zh: 'EdgePathingOp 为 chl：边缘向访客发出了质询。',
  },
  'pathing-error': {
    en: 'EdgePathingSrc is err: the edge could not route the request.',
    fr: 'EdgePathingSrc vaut err : la périphérie n’a pas pu acheminer la requête.',
    zh: 'EdgePathingSrc 为 err：边缘无法为该请求选路。',
  },
  'origin-same-status': {
    en: 'The origin gave the same status as the visitor got.',
    fr: 'Le serveur d’origine a donné le même statut que celui reçu par le visiteur.',
    zh: '源站返回的状态码与访客收到的相同。',
  },
  'cache-revalidated': {
    en: 'The origin confirmed the cached copy (304) and the cache answered.',
    fr: 'Le serveur d’origine a confirmé la copie en cache (304) et le cache a répondu.',
    zh: '源站确认缓存副本仍有效（304），由缓存作答。',
  },
  'origin-success-changed': {
    en: 'The edge made this status (206, 304 …) out of the origin’s success.',
    fr: 'La périphérie a tiré ce statut (206, 304…) du succès du serveur d’origine.',
    zh: '边缘由源站的成功响应得出该状态码（206、304 等）。',
  },
  'origin-error-changed': {
    en: 'The origin answered with an error; the edge passed it on under another status.',
    fr: 'Le serveur d’origine a répondu par une erreur ; la périphérie l’a transmise sous un autre statut.',
    zh: '源站返回了错误，边缘以另一个状态码转交。',
  },
  'worker-changed-status': {
    en: 'A Worker ran and gave another status than the origin.',
    fr: 'Un Worker s’est exécuté et a donné un autre statut que le serveur d’origine.',
    zh: 'Worker 运行后返回了与源站不同的状态码。',
  },
  'edge-changed-status': {
    en: 'The origin answered, but the edge gave a status of another kind.',
    fr: 'Le serveur d’origine a répondu, mais la périphérie a donné un statut d’une autre nature.',
    zh: '源站已响应，但边缘返回了另一类状态码。',
  },
  'cache-answered': {
    en: 'The cache answered.',
    fr: 'Le cache a répondu.',
    zh: '由缓存作答。',
  },
  'cache-answered-stale': {
    en: 'The cache answered with a stale copy: the origin may be failing behind it.',
    fr: 'Le cache a répondu avec une copie périmée : le serveur d’origine est peut-être en échec derrière elle.',
    zh: '缓存以过期副本作答：其背后的源站可能正在失败。',
  },
  'gateway-without-origin': {
    en: '502 or 504 with origin status 0: the edge wrote it because the origin gave no answer.',
    fr: '502 ou 504 avec un statut d’origine 0 : la périphérie l’a écrit car le serveur d’origine n’a pas répondu.',
    zh: '502 或 504 且源站状态码为 0：源站没有响应，由边缘写出该状态码。',
  },
  'worker-answered': {
    en: 'A Worker ran and no origin answered this request itself.',
    fr: 'Un Worker s’est exécuté et aucun serveur d’origine n’a répondu à cette requête même.',
    zh: '由 Worker 作答，该请求本身没有源站响应。',
  },
  'edge-answered': {
    en: 'Origin status 0 and no cache, Worker or gateway error: the edge answered itself.',
    fr: 'Statut d’origine 0, ni cache, ni Worker, ni erreur de passerelle : la périphérie a répondu elle-même.',
    zh: '源站状态码为 0，且无缓存、Worker 或网关错误：由边缘自行作答。',
  },
  'origin-status-missing': {
    en: 'The export lacks OriginResponseStatus, and nothing else tells who answered.',
    fr: 'L’export ne contient pas OriginResponseStatus et rien d’autre ne dit qui a répondu.',
    zh: '导出中缺少 OriginResponseStatus，也没有其他字段能说明由谁作答。',
  },
  'origin-status-missing-404': {
    en: 'The export lacks OriginResponseStatus. Cloudflare’s docs say it makes no 404 for customer sites, but a Worker or a custom rule may.',
    fr: 'L’export ne contient pas OriginResponseStatus. Selon la documentation, Cloudflare ne produit pas de 404 pour les sites clients, mais un Worker ou une règle personnalisée le peut.',
    zh: '导出中缺少 OriginResponseStatus。Cloudflare 文档称其不会为客户网站生成 404，但 Worker 或自定义规则可以。',
  },
}

/** The sentence for a reason; the code itself if a newer version wrote one that this one does not know. */
export function reasonInWords(reason: string, lang: Language): string {
  return (SENTENCES as { [code: string]: { [lang in Language]: string } | undefined })[reason]?.[lang] ?? reason
}
