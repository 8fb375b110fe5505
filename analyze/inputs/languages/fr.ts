import { REJECTION_NAMES } from '../../../schema/words/rejections.js'
import { formatFor } from '../../spikes/sentences/format.js'
import { FEW, type AdviceFacts, type AdviceTexts } from './texts.js'
import { spansFor } from './spans.js'

const f = formatFor('fr')
const span = spansFor('fr')

const gapsIn = (gaps: AdviceFacts['gaps']) =>
  gaps
    .slice(0, 3)
    .map(({ from, to }) => f.interval(from, to))
    .join(', puis ')

const many = (n: number, one: string, other: string) => `${f.number(n)} ${n < 2 ? one : other}`

export const fr: AdviceTexts = {
  failing: ({ since, until, problem }) => ({
    symptom: `Échec depuis le ${f.time(since)} UTC.`,
    cause: problem,
    todo: `Corrigez ce qui est indiqué. Un nouvel essai a lieu automatiquement${until === null ? '' : ` (prochain : ${f.time(until)} UTC)`}, et la lecture reprend là où elle s’était arrêtée.`,
  }),
  silent: ({ silentSince, everyMs, sender }) => ({
    symptom: `Rien n’est arrivé pour ce qui s’est passé depuis le ${f.time(silentSince)} UTC${everyMs === null ? '' : ` ; d’ordinaire un lot arrive toutes les ${span(everyMs)}`}.`,
    cause:
      sender === 'logpush'
        ? 'La tâche a été désactivée ou échoue, cette adresse n’est pas joignable de l’extérieur, ou le jeton inscrit dans sa destination n’est plus le bon.'
        : sender === 'folder'
          ? 'Plus personne n’écrit dans ce dossier, ou les fichiers sont désormais écrits ailleurs ou sous des noms qui ne sont pas ceux de journaux.'
          : 'Ce qui apporte ces journaux s’est arrêté, ou n’a plus rien à apporter.',
    todo:
      sender === 'logpush'
        ? 'Regardez le « last_error » de la tâche et si elle est activée (faultline logpush-job --check le fait), puis si l’adresse répond de l’extérieur. Logpush ne renvoie pas ce à quoi il a renoncé.'
        : sender === 'folder'
          ? 'Vérifiez si le fichier le plus récent grandit encore, et ce qui assure la rotation des fichiers.'
          : 'Vérifiez ce qui les apporte.',
  }),
  gaps: ({ gaps, sender }) => ({
    symptom: `Il manque des journaux pour ${many(gaps.length, 'période', 'périodes')} : ${gapsIn(gaps)}${gaps.length > 3 ? '…' : ''} (UTC).`,
    cause:
      sender === 'logpush'
        ? 'La tâche était désactivée ou ne pouvait pas livrer à ce moment-là. Logpush ne renvoie pas ce à quoi il a renoncé.'
        : 'Ce qui a été écrit à ce moment-là n’a pas été apporté ici, ou rien n’a été écrit.',
    todo:
      sender === 'logpush'
        ? 'Si Cloudflare conserve les journaux de cette zone (rétention Logpull, 7 jours au plus) ou si un bucket les contient, importez ces périodes depuis là ; ce qui est déjà connu n’est pas compté deux fois.'
        : 'Importez les fichiers de ces périodes (faultline ingest) ; ce qui est déjà connu n’est pas compté deux fois.',
  }),
  late: ({ lagP95 }) => ({
    symptom: `Un enregistrement sur vingt est stocké plus de ${span(lagP95)} après sa requête.`,
    cause:
      'L’expéditeur accumule longtemps avant d’envoyer, envoie de vieux journaux après une interruption, ou cette machine est plus lente que l’arrivée des journaux.',
    todo: 'Réglez le max_upload_interval_seconds de la tâche sur 30. Si le processeur est occupé en permanence ici, exportez moins de champs ou prenez une machine plus puissante. Les alertes attendent d’autant.',
  }),
  clock: ({ aheadMs }) => ({
    symptom: `Des enregistrements portent des heures jusqu’à ${span(aheadMs)} dans le futur.`,
    cause: 'L’horloge de cette machine retarde, ou ce qui a écrit les journaux en a modifié les heures.',
    todo: 'Réglez l’horloge par NTP et regardez les heures des enregistrements les plus récents.',
  }),
  retries: ({ retries, batches }) => ({
    symptom: `${many(retries, 'lot', 'lots')} sur ${f.number(batches)} ne contenaient rien de nouveau : ils ont été envoyés une seconde fois.`,
    cause:
      'L’expéditeur n’a pas reçu la réponse à temps : un proxy intermédiaire abandonne avant que le lot soit stocké, ou la connexion se rompt.',
    todo: 'Faites en sorte que les proxys devant ce service attendent au moins 5 minutes et acceptent des corps de toute longueur. Rien n’est compté deux fois.',
  }),
  duplicates: ({ duplicates, duplicateShare }) => ({
    symptom: `${many(duplicates, 'enregistrement', 'enregistrements')} (${f.share(duplicateShare)} des lignes) étaient déjà là.`,
    cause: 'Deux tâches exportent la même zone, ou les mêmes fichiers arrivent par deux chemins.',
    todo: 'Rien n’est compté deux fois, mais le transfert est payé deux fois : désactivez l’une des deux.',
  }),
  rejected: ({ rejected, rejectedShare, reasons }) => ({
    symptom: `${many(rejected, 'ligne', 'lignes')} (${f.share(rejectedShare)}) n’ont pas pu devenir des enregistrements : ${reasons.map((reason) => REJECTION_NAMES[reason].fr).join(', ')}.`,
    cause: reasons.includes('other-dataset')
      ? 'Une tâche d’un autre jeu de données envoie à la même adresse.'
      : 'Il manque à la tâche un champ sans lequel il n’y a pas d’enregistrement, ou quelque chose modifie les lignes entre Cloudflare et ici.',
    todo: reasons.includes('other-dataset')
      ? 'Seul le jeu de données http_requests est lu ici : envoyez l’autre tâche ailleurs.'
      : 'Le rapport d’un lot montre les lignes avec la raison et ce qu’il faut faire pour chacune.',
  }),
  interrupted: ({ interrupted, batches }) => ({
    symptom: `${many(interrupted, 'lot', 'lots')} sur ${f.number(batches)} se sont arrêtés avant leur fin.`,
    cause: 'L’expéditeur ou un proxy a raccroché, ou les données ont été coupées.',
    todo: 'Ce qui était entier est stocké. Logpush renvoie un tel lot ; importez de nouveau les fichiers.',
  }),
  fields: ({ fields }) => ({
    symptom: `Il manque à l’export ${fields.length > FEW ? `${fields.length} champs : ${fields.slice(0, FEW).join(', ')}…` : `${fields.join(', ')}.`}`,
    cause: 'La liste de champs de la tâche ne les contient pas.',
    todo: 'Ajoutez-les à la tâche : faultline logpush-job affiche la liste et ce qu’elle coûte. Le changement prend effet en 10 à 15 minutes.',
  }),
}
