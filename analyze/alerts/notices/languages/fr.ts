import type { AlertTexts } from './texts.js'

export const fr: AlertTexts = {
  locale: 'fr-FR',
  starters: {
    surge: {
      name: 'Pic d’erreurs',
      note: 'Une erreur dépasse de loin ce que son passé laisse prévoir. L’avis nomme la cause documentée que les enregistrements désignent.',
    },
    serverErrors: {
      name: 'Erreurs serveur',
      note: 'Une grande part des requêtes reçoit un 5xx, quel qu’en soit l’auteur.',
    },
    originFailures: {
      name: 'Origine en échec',
      note: 'Cloudflare n’obtient pas de réponse de l’origine (520 à 526, 530, ou 502 et 504 sans réponse).',
    },
    visitorsLeft: {
      name: 'Visiteurs partis avant la réponse',
      note: 'Beaucoup de requêtes finissent en 499 : le visiteur a fermé la connexion. Souvent, l’origine est devenue lente.',
    },
    edgeRefuses: {
      name: 'Visiteurs refusés par la périphérie',
      note: 'Cloudflare bloque ou limite une grande part des requêtes (403, 429). Une règle de sécurité touche peut-être de vrais visiteurs.',
    },
    fastBurn: {
      name: 'Budget d’erreur consommé vite',
      note: 'À ce rythme, le budget d’erreur est épuisé en quelques heures ou quelques jours.',
    },
    slowBurn: {
      name: 'Budget d’erreur consommé lentement',
      note: 'Le budget d’erreur ne tiendra pas jusqu’à la fin de sa période.',
    },
    noLogs: {
      name: 'Plus de journaux',
      note: 'Aucun journal n’est arrivé depuis un moment. Sans eux, aucune autre règle ne peut rien dire.',
    },
  },
  severities: { critical: 'critique', warning: 'avertissement', info: 'information' },
  phases: { firing: 'En alerte', resolved: 'Résolue', acknowledged: 'Prise en charge', passed: 'Déjà terminée' },
  sources: {
    'client': 'le client',
    'edge': 'la périphérie',
    'origin-failure': 'la périphérie, l’origine étant en échec',
    'cache': 'le cache',
    'worker': 'un Worker',
    'origin': 'l’origine',
    'undetermined': 'on ne sait qui',
  },
  units: { day: 'j', hour: 'h', minute: 'min', second: 's', millisecond: 'ms' },
  heads: {
    since: 'Depuis',
    lasted: 'Quand',
    howMuch: 'Combien',
    where: 'Où',
    urgency: 'Urgence',
    cause: 'Cause la plus probable',
    check: 'À vérifier d’abord',
    note: 'Note',
    runbook: 'Procédure',
    remark: 'Remarque',
  },
  urgencies: { page: 'à traiter tout de suite', ticket: 'à traiter dans la journée', note: 'pour information' },
  urgency: (what, reason) => `${what} : ${reason}`,
  surge: (observed, expected, score) => `${observed} observées, ${expected} attendues, score ${score}`,
  against: (threshold, usual) =>
    [threshold && `seuil ${threshold}`, usual && `d’habitude ${usual}`].filter(Boolean).join(', '),
  from: (start, end) => `de ${start} à ${end}`,
  ongoing: (start) => start,
  anywhere: 'partout',
  not: (values) => `sauf ${values}`,
  or: ' ou ',
  confidence: (share) => `confiance ${share}`,
  noCause: 'Les enregistrements ne le disent pas encore.',
  allOf: (statusClass) => `${statusClass}, plusieurs codes`,
  by: (what, source) => `${what} écrits par ${source}`,
  on: (what, host) => `${what} sur ${host}`,
  remarks: {
    flapping: 'Elle va et vient. Elle sera dite résolue après une demi-heure de calme.',
    noData: 'Les journaux se sont arrêtés : personne ne peut dire si cela continue.',
    passed:
      'C’était terminé avant de pouvoir être signalé : les journaux sont arrivés en retard, ou Faultline ne tournait pas.',
    repeat: 'Cela continue.',
    ended: {
      'no-data': 'Close parce qu’aucun journal n’arrive depuis longtemps, non parce que tout est rétabli.',
      'withdrawn': 'Des journaux arrivés en retard montrent que la règle n’était pas enfreinte.',
      'rule-changed': 'Close parce que la règle a été modifiée.',
      'rule-off': 'Close parce que la règle a été désactivée.',
      'rule-deleted': 'Close parce que la règle a été supprimée.',
    },
    acknowledged: (by) => `${by} s’en occupe.`,
  },
  links: { alert: 'Ouvrir l’alerte', spike: 'Ouvrir le pic', runbook: 'Procédure' },
  more: (count) => `… et ${count} de plus`,
  still: (count) => `${count} toujours en alerte`,
  grouped: (count, name) => `${count} alertes : ${name}`,
  test: { name: 'Avis d’essai', note: 'Si vous lisez ceci, les avis de Faultline vous parviennent ici. Tout va bien.' },
  wouldHave: {
    never: (rule) => `${rule} : n’aurait pas sonné.`,
    fired: (rule, spans, more) => `${rule} : aurait sonné ${spans}${more === null ? '' : `, et ${more} fois de plus`}.`,
    span: (fired, resolved) =>
      resolved === null ? `à ${fired}, toujours en alerte à la fin` : `à ${fired}, résolue à ${resolved}`,
  },
}
