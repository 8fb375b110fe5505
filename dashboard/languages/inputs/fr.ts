import { atWhen, sinceWhen, untilWhen } from '../french.js'
import type { InputWords } from './en.js'

export const inputs: InputWords = {
  title: 'Entrées',
  lead: 'D’où viennent les journaux, comment cela se passe, et si le tableau est complet.',
  complete: (time) => `Les journaux sont complets ${untilWhen(time)}.`,
  nothing: 'Rien n’a encore été importé.',
  noLive:
    'Aucune entrée ne livre ce qui se passe en ce moment : le tableau est aussi complet que ce qui a été importé.',
  fileProblem: (time: string) =>
    `Le fichier des entrées n’est plus valide ${sinceWhen(time)} ; ce qu’il disait avant reste en service.`,
  states: {
    ready: 'Prête',
    working: 'Active',
    waiting: 'En attente',
    failing: 'En échec',
    silent: 'Muette',
    stopped: 'Arrêtée',
  },
  since: sinceWhen,
  until: (time) => `prochaine lecture ${atWhen(time)}`,
  lastBatch: 'Dernier lot',
  never: 'aucun pour l’instant',
  every: (span) => `d’ordinaire toutes les ${span}`,
  lag: 'De l’événement au stockage',
  lagOf: (p50, p95) => `médiane ${p50}, 95 % en moins de ${p95}`,
  pace: 'Par minute, dernière heure',
  paceOf: (records, bytes) => `${records} enregistrements, ${bytes}`,
  lastDay: 'Dernières 24 heures',
  batchesOf: (n, text) => `${text} ${n < 2 ? 'lot' : 'lots'}`,
  retriesOf: (text) => `envoyés une seconde fois : ${text}`,
  duplicatesOf: (text) => `doublons : ${text}`,
  rejectedOf: (text) => `lignes rejetées : ${text}`,
  gaps: 'Minutes manquantes de la dernière semaine',
  noGaps: 'aucune au rythme habituel',
  waits: 'Attente des alertes',
  cause: 'Cause probable',
  todo: 'Que faire',
  fields: 'Champs manquants',
  well: 'Rien à faire.',
  others: 'Prêtes, sans rien avoir apporté depuis une semaine',
  silent: (names, time) => `${names} : rien n’est arrivé pour ce qui s’est passé ${sinceWhen(time)}.`,
  failing: (names, time) => `${names} échoue ${sinceWhen(time)}.`,
  newest: 'Les minutes les plus récentes ne sont pas complètes.',
  gapsHere: (n, text) =>
    n < 2
      ? 'Il manque des journaux pour une partie de cette période.'
      : `Il manque des journaux pour ${text} parties de cette période.`,
  show: 'Que faire',
  witness: {
    title: 'Le décompte de Cloudflare lui-même',
    lead: (interval) =>
      `Requêtes des visiteurs, ${interval}, telles que les estiment les statistiques de Cloudflare. Affichées à côté, jamais mêlées aux chiffres.`,
    counts: (cloudflare, here) => `Cloudflare : ${cloudflare}, ici : ${here}.`,
    verdicts: {
      agrees: () => 'Les deux concordent à chaque heure.',
      lost: (share) =>
        `De ce que Cloudflare a compté, ${share} se trouvent ici : des lots ont été perdus aux heures ci-dessous. Logpush ne les renvoie pas ; Logpull ou un bucket les a peut-être encore.`,
      filter: (share) =>
        `De ce que Cloudflare a compté, ${share} se trouvent ici, et certains statuts sont totalement absents : un filtre de la tâche les écarte. faultline logpush-job --check le montre.`,
      sampling: (share) =>
        `Environ ${share} se trouvent ici à chaque heure : la tâche exporte un échantillon. Indiquez-le dans sa destination avec sampleRate, pour que chaque enregistrement compte en conséquence.`,
      more: () =>
        'Il y a plus ici que ce que Cloudflare a compté : des enregistrements d’une autre zone sont comptés (nommez la zone : ID=example.com), ou un taux d’échantillonnage est réglé que la tâche n’a pas.',
      nothing: () => 'Aucun des deux n’a rien compté.',
    },
    where: 'Où ils diffèrent',
    cloudflare: 'Cloudflare',
    here: 'Ici',
  },
}
