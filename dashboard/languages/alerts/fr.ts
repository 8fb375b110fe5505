import { pluralOf } from '../plural.js'
import type { AlertWords } from './en.js'

const plural = pluralOf('fr')
const count = (n: number, text: string, one: string, many: string): string => `${text} ${plural(n, { one, other: many })}`

export const alerts: AlertWords = {
  severities: { critical: 'Critique', warning: 'Avertissement', info: 'Information' },
  states: {
    off: { name: 'Désactivée', meaning: 'N’est pas évaluée.' },
    waiting: { name: 'En attente', meaning: 'Attend les premiers journaux ou la première évaluation.' },
    inactive: { name: 'Calme', meaning: 'La condition n’est pas remplie.' },
    pending: { name: 'Imminente', meaning: 'La condition est remplie, mais pas encore depuis assez longtemps.' },
    firing: { name: 'Déclenchée', meaning: 'La condition est remplie depuis assez longtemps : les destinataires sont prévenus.' },
    'no-data': { name: 'Sans données', meaning: 'Les journaux nécessaires ne sont pas arrivés. Le dernier état est conservé.' },
    'cannot-be-evaluated': { name: 'Non évaluable', meaning: 'Il y a un problème dans la règle ou dans ce dont elle a besoin.' },
  },
  kinds: {
    count: { name: 'Nombre', when: 'Plus de requêtes qu’un seuil dans une fenêtre. Pour ce qui ne devrait presque jamais arriver.' },
    ratio: { name: 'Taux d’erreur', when: 'La part d’erreurs dans l’ensemble des requêtes est trop élevée. Le choix habituel : le trafic peut croître sans déclencher d’alerte.' },
    surge: { name: 'Pic', when: 'Les erreurs dépassent de loin ce que leur propre passé laisse prévoir. Aucun seuil à choisir ; la notification nomme la cause.' },
    'burn-rate': { name: 'Budget d’erreur (SLO)', when: 'Les erreurs consomment trop vite un budget d’erreur, observé sur plusieurs fenêtres à la fois.' },
    absence: { name: 'Absence de journaux', when: 'Aucun journal n’est arrivé depuis un moment. Sans eux, aucune autre règle ne peut rien dire.' },
  },
  settings: {
    webhook: {
      url: { label: 'URL', help: 'Reçoit un POST en JSON' },
      secret: { label: 'Secret de signature', help: 'Signe chaque requête (Standard Webhooks). Pour en créer un : openssl rand -base64 32' },
      authorization: { label: 'En-tête Authorization', help: 'Par exemple : Bearer …' },
      headers: { label: 'Autres en-têtes', help: 'Un par ligne, Nom: valeur. Pas de secrets ici' },
    },
    slack: { url: { label: 'URL du webhook', help: 'D’un webhook entrant : https://hooks.slack.com/services/…' } },
    teams: { url: { label: 'URL du workflow', help: 'D’un workflow « When a Teams webhook request is received »' } },
    pagerduty: {
      routingKey: { label: 'Clé d’intégration', help: 'D’une intégration « Events API V2 »' },
      url: { label: 'URL des événements', help: 'Vide pour les États-Unis. Pour l’UE : https://events.eu.pagerduty.com/v2/enqueue' },
    },
    email: {
      host: { label: 'Serveur SMTP', help: 'Par exemple smtp.example.com' }, port: { label: 'Port', help: 'Vide pour 587, ou 465 avec TLS dès la connexion' },
      secure: { label: 'TLS dès la connexion', help: 'Sinon STARTTLS si le serveur le propose' }, requireTls: { label: 'Uniquement avec TLS', help: 'Ne rien envoyer si le serveur ne propose pas STARTTLS' },
      allowSelfSigned: { label: 'Accepter tout certificat', help: 'Seulement pour un serveur de votre propre réseau' }, user: { label: 'Utilisateur', help: 'Si le serveur en demande un' },
      password: { label: 'Mot de passe', help: 'Si le serveur en demande un' }, from: { label: 'Expéditeur', help: 'Par exemple Faultline <alerts@example.com>' }, to: { label: 'Destinataires', help: 'Une adresse par ligne' },
    },
    feishu: {
      url: { label: 'URL du webhook', help: 'Celle du robot : https://open.feishu.cn/open-apis/bot/v2/hook/…' },
      secret: { label: 'Secret de signature', help: 'Si le robot vérifie les signatures' },
    },
    dingtalk: {
      url: { label: 'URL du webhook', help: 'Celle du robot : https://oapi.dingtalk.com/robot/send?access_token=…' },
      secret: { label: 'Secret de signature', help: 'Si le robot est protégé par une signature ; commence par SEC' },
    },
    alertmanager: {
      url: { label: 'URL', help: 'Par exemple http://alertmanager:9093' },
      authorization: { label: 'En-tête Authorization', help: 'Par exemple : Bearer …' },
    },
  },
  endings: {
    recovered: 'retour à la normale', 'no-data': 'terminée faute de données', withdrawn: 'retirée après des journaux tardifs', 'rule-changed': 'règle modifiée', 'rule-off': 'règle désactivée', 'rule-deleted': 'règle supprimée',
  },
  pages: {
    alerts: 'Alertes', alert: 'Alerte', rules: 'Règles', rule: 'Règle', silences: 'Mises en sourdine', notifiers: 'Canaux', notifier: 'Canal', label: 'Alertes et notifications',
  },
  firingNow: (n, text) => `${count(n, text, 'alerte déclenchée', 'alertes déclenchées')}`,
  common: {
    cancel: 'Annuler', save: 'Enregistrer', saving: 'Enregistrement…', remove: 'Retirer', delete: 'Supprimer', edit: 'Modifier', add: 'Ajouter', optional: 'facultatif', actions: 'Opérations', severity: 'Gravité', all: 'Toutes',
    absent: 'Les alertes ne font pas partie de ce service.', older: 'Plus anciennes', everywhere: 'partout', none: 'Aucune', more: 'Plus de réglages', by: 'Votre nom', note: 'Remarque', reason: 'Motif',
  },
  now: {
    title: 'En cours', quiet: 'Aucune alerte en cours.', quietSince: (text) => `Les règles ont été évaluées jusqu’à ${text}.`, quietRules: (n, text) => `${count(n, text, 'règle active', 'règles actives')}.`,
    noRules: 'Aucune règle n’est active : rien ne peut se déclencher.', toRules: 'Voir les règles', since: 'Depuis', rule: 'Règle', where: 'Où', value: 'Valeur', state: 'État', usually: (text) => `d’habitude ${text}`,
    above: (value, threshold) => `${value}, seuil ${threshold}`, surge: (seen, expected, score) => `${seen} observées, ${expected} attendues, score ${score}`, peak: 'Maximum', flapping: 'intermittente', flappingHint: 'Elle sera close après une demi-heure de calme.',
    noData: 'journaux interrompus', noDataHint: 'Les journaux se sont arrêtés : personne ne peut dire si cela continue.', told: (names) => `prévenus : ${names}`, untold: 'personne n’a été prévenu', muted: 'en sourdine', mutedHint: (reason) => `Personne n’est prévenu : ${reason}`,
    acknowledge: 'Prendre en charge', acknowledgeTitle: 'Prendre en charge cette alerte', acknowledgeText: 'Indique que quelqu’un s’en occupe. Elle ne sera plus répétée ; sa fin sera tout de même annoncée.', acknowledged: (by) => `${by} s’en occupe`,
    unacknowledge: 'Ne plus prendre en charge', silence: 'Mettre en sourdine', open: (name) => `Ouvrir l’alerte : ${name}`,
  },
  history: {
    title: 'Historique', empty: 'Aucune alerte antérieure.', emptyHint: 'Chaque alerte terminée figurera ici avec ses heures et son maximum.', fired: 'Déclenchée', lasted: 'Durée', ended: 'Fin', ongoing: 'toujours en cours',
    search: 'Chercher une règle ou une étiquette', none: 'Aucune alerte ne correspond.', total: (n, text) => count(n, text, 'alerte', 'alertes'),
  },
  one: {
    notFound: 'Cette alerte n’existe pas.', check: (step) => `À vérifier d’abord : ${step}`, broken: 'Condition remplie depuis', fired: 'Déclenchée', resolved: 'Résolue', peak: 'Maximum', threshold: 'Seuil', usual: 'D’habitude', observed: 'Requêtes', expected: 'Attendues', score: 'Écart (score)', requests: 'Voir ses requêtes', rule: 'Ouvrir la règle', history: 'Se serait déclenchée ; personne n’a été prévenu.',
    told: 'Qui a été prévenu', phases: { firing: 'déclenchée', resolved: 'résolue', acknowledged: 'prise en charge', passed: 'déjà passée' }, toldNobody: 'Personne n’a été prévenu de cette alerte.', labels: 'Étiquettes', around: 'Valeur autour de ce moment', reason: 'Raison de la fin', ruleGone: 'La règle a été supprimée.',
  },
  rules: {
    lead: 'Ce qui est surveillé, et ce qu’il faut pour réveiller quelqu’un.', create: 'Nouvelle règle', fromFilters: 'Nouvelle règle avec ces filtres', importYaml: 'Importer', exportYaml: 'Exporter en YAML', search: 'Chercher une règle', none: 'Aucune règle ne correspond.',
    state: 'État', rule: 'Règle', chart: 'Valeur et seuil', backtest: 'Rejouer', backtestOf: (name) => `Rejouer : ${name}`, on: 'Active', switchOn: 'Activer', switchOff: 'Désactiver', switched: (name) => `${name} : état changé`,
    suggested: 'Règles proposées', suggestedLead: 'Les seuils sont adaptés au trafic de vos journaux. Elles restent désactivées tant que vous ne les confirmez pas ; les courbes montrent ce que chacune aurait vu.', confirm: 'Activer', adjust: 'Ajuster', dismiss: 'Écarter', confirmAll: 'Tout activer',
    fromFile: 'fichier de règles', fromFileHint: (path) => `Vient de ${path}. Modifiez-la dans ce fichier ; il est relu aussitôt.`, starter: 'proposée', fileProblems: (path) => `Le fichier de règles ${path} contient des erreurs. Les règles nommées ici ne sont pas en vigueur :`, line: (line) => `ligne ${line}`,
    empty: 'Il n’y a pas encore de règle.', emptyHint: 'Après le premier envoi de journaux, quelques règles seront proposées ici. Vous pouvez aussi écrire les vôtres.', watermark: (text) => `Évaluées jusqu’à ${text}.`, noWatermark: 'Rien n’a encore été évalué : aucun journal n’est arrivé depuis le démarrage du service.',
    delay: (input, text) => `${input} est attendu ${text}`, delayLearned: 'appris du retard habituel des journaux', noDataSince: (text) => `sans données depuis ${text}`, instances: (n, text) => count(n, text, 'alerte', 'alertes'), chartOf: (name, text) => `${name}, courbe : ${text}`, noValue: 'aucune valeur sur cette période', deleted: (name) => `${name} supprimée.`,
  },
  says: {
    count: (what, above, window) => `plus de ${above} requêtes${what === '' ? '' : ` avec ${what}`} en ${window}`,
    ratio: (errors, above, window) => `${errors} au-dessus de ${above} des requêtes sur ${window}`,
    surge: 'erreurs bien au-dessus de ce que leur passé laisse prévoir', burn: (errors, objective) => `${errors} consomment le budget de ${objective}`, absence: (after) => `aucun journal pendant ${after}`,
    only: (what) => `seulement ${what}`, minimum: (text) => `au moins ${text} requêtes`, lasting: (text) => `pendant ${text}`, by: (names) => `une alerte par ${names}`, all: 'requêtes internes comprises', internal: 'requêtes internes seulement', not: (text) => `sauf ${text}`, sensitivity: { low: 'sensibilité faible', medium: 'sensibilité moyenne', high: 'sensibilité élevée' },
  },
  editor: {
    newTitle: 'Nouvelle règle', what: 'Quoi surveiller', when: 'Quand la condition est remplie', who: 'Qui est prévenu', name: 'Nom', nameHint: 'Dit en pleine nuit ce qui ne va pas.', scope: 'Quelles requêtes', scopeHint: 'Laissez vide pour toutes les requêtes des visiteurs.', errors: 'Lesquelles sont des erreurs',
    audience: 'Comptées', audiences: { visitors: 'visiteurs seulement', all: 'requêtes internes aussi', internal: 'requêtes internes seulement' }, window: 'Comptées sur', above: 'Seuil', aboveShare: 'Seuil, en %', recover: 'Terminée à ou sous', recoverHint: 'Plus bas que le seuil, pour qu’elle n’oscille pas autour.', minimum: 'Nombre minimal de requêtes', minimumHint: 'Avec moins de requêtes dans la fenêtre, rien ne se déclenche.',
    sensitivity: 'Sensibilité', sensitivities: { low: 'Faible', medium: 'Moyenne', high: 'Élevée' }, sensitivityHint: 'À quel point une hausse doit être improbable.', objective: 'Objectif, en %', objectiveHint: 'Part des requêtes qui doivent réussir.', windows: 'Fenêtres', usualWindows: 'Habituelles : 5m et 1h à 14,4×, 30m et 6h à 6×, 6h et 3d à 1×', ownWindows: 'Fenêtres choisies', short: 'Fenêtre courte', long: 'Fenêtre longue', factor: 'Rythme', addWindow: 'Ajouter une paire de fenêtres', after: 'Silence de plus de', afterHint: 'Là où un silence plus long est ordinaire, l’attente est plus longue.',
    by: 'Une alerte pour chaque', byHint: 'Deux au plus. Sans cela, l’ensemble forme une seule alerte.', for: 'Pendant au moins', forHint: 'Durée de la condition avant le déclenchement.', keep: 'Maintenir pendant', keepHint: 'Durée de calme avant la résolution.', notify: 'Prévenir', notifyAll: 'Tous les canaux qui acceptent cette gravité', notifySome: 'Seulement ceux-ci', labels: 'Étiquettes', labelName: 'Étiquette', labelValue: 'Valeur', addLabel: 'Ajouter une étiquette', note: 'Remarque', noteHint: 'Accompagne chaque notification : ce que cela signifie, que faire.', runbook: 'Procédure', runbookHint: 'Un lien qui accompagne chaque notification.',
    enabled: 'Activée', create: 'Créer la règle', save: 'Enregistrer', discard: 'Abandonner les modifications', unsaved: 'Pas encore enregistré.', kept: 'Vos modifications précédentes sont toujours là.', deleteTitle: 'Supprimer cette règle ?', deleteText: (name) => `« ${name} » sera supprimée. Ses alertes en cours prendront fin, ce qui sera annoncé. Son historique reste.`, readOnly: (path) => `Cette règle vient du fichier ${path}. Modifiez-la dans ce fichier ; il est relu aussitôt.`, duplicate: 'Dupliquer', copyOf: (name) => `${name} (copie)`,
    notFound: 'Cette règle n’existe pas.', created: (name) => `${name} créée.`, saved: 'Enregistré.',
    problems: {
      missing: 'Ce champ est nécessaire.', number: 'Écrivez un nombre, 0 ou plus.', percent: 'Écrivez un pourcentage de 0 à 100.', objective: 'Écrivez un pourcentage entre 0 et 100, comme 99,9.',
      duration: 'Écrivez une durée comme 90s, 5m ou 1h30m.', minutes: 'Écrivez des minutes entières, comme 5m ou 1h.', link: 'Écrivez un lien qui commence par https://.',
      label: 'Lettres, chiffres et _, sans commencer par un chiffre.', errors: 'Indiquez quelles requêtes sont des erreurs.', recover: 'Ne doit pas dépasser le seuil.',
    },
    addFilter: 'Ajouter un filtre', value: 'Valeur', removeValue: (text) => `Retirer : ${text}`, noNotifier: 'Aucun canal n’est configuré : la règle se déclencherait, mais personne ne serait prévenu.', toNotifiers: 'En configurer un',
  },
  preview: {
    title: 'Ce qu’elle aurait fait', wait: 'Complétez la règle pour voir ce qu’elle aurait fait.', value: 'Valeur', threshold: 'Seuil', recover: 'Fin', highest: (name) => `Maximum : ${name}`, others: (n, text) => count(n, text, 'autre', 'autres'), firing: 'Se serait déclenchée', nothing: 'Rien à montrer sur cette période', running: 'Calcul en cours…',
    none: 'Ne se serait pas déclenchée sur cette période.', fired: (_n, text) => `Se serait déclenchée ${text} fois.`, noise: (n, notices, perWeek) => `${count(n, notices, 'notification', 'notifications')}, soit ${perWeek} par semaine.`, firingFor: (text) => `Déclenchée pendant ${text} au total.`, noDataFor: (text) => `Pendant ${text}, les journaux ne permettent pas de conclure.`, loud: 'C’est beaucoup : on cesse de lire des alertes qui arrivent tous les jours.',
    from: 'Déclenchée', to: 'Résolue', lasted: 'Durée', where: 'Où', peak: 'Maximum', still: 'toujours en cours à la fin', first: (shown, all) => `Les ${shown} premières sur ${all}`, took: (text) => `Calculé en ${text}.`, range: 'Période', run: 'Rejouer la règle', perLine: 'Valeur au fil du temps',
    units: { requests: 'requêtes', share: 'part des requêtes', burn: 'rythme de consommation', score: 'score', minutes: 'durée du silence' },
  },
  importing: {
    title: 'Importer des règles', lead: 'YAML de la forme d’un fichier de règles Prometheus, avec des champs au lieu de PromQL. « Exporter en YAML » en montre un exemple.', choose: 'Choisir un fichier', paste: 'ou collez-le ici', check: 'Vérifier', found: (n, text) => `${count(n, text, 'règle trouvée', 'règles trouvées')}`, problems: (n, text) => count(n, text, 'erreur', 'erreurs'), fresh: 'nouvelle', same: 'inchangée', replaces: 'remplace celle du même nom', fromFile: 'vient du fichier de règles, ignorée', run: (n, text) => `Importer ${count(n, text, 'règle', 'règles')}`, done: (n, text) => `${count(n, text, 'règle importée', 'règles importées')}.`, failed: (name, why) => `${name} : ${why}`, at: (line, column) => `ligne ${line}, colonne ${column}`,
  },
  silences: {
    lead: 'Qui n’est pas prévenu pendant un temps, jusqu’à quand et pourquoi. Les alertes se déclenchent et restent listées.', create: 'Mettre en sourdine', title: 'Mises en sourdine', none: 'Aucune mise en sourdine.', noneHint: 'Mettez une alerte en sourdine pendant qu’on la répare, ou un hôte pendant qu’on le déplace.', matchers: 'Concerne', until: 'Jusqu’à', by: 'Par', state: 'État', states: { active: 'En vigueur', coming: 'À venir', over: 'Passée' }, mutes: (n, text) => `${count(n, text, 'alerte en sourdine', 'alertes en sourdine')}`, mutesNone: 'ne concerne aucune alerte en cours', end: 'Terminer', extend: 'Prolonger', from: 'À partir de', endTitle: 'Terminer cette mise en sourdine ?', endText: 'Ce qui est encore en cours sera annoncé.',
    formTitle: 'Nouvelle mise en sourdine', editTitle: 'Modifier la mise en sourdine', which: 'Quelles alertes', whichHint: 'Toutes ces conditions doivent être vraies. Avec « ressemble à », * remplace n’importe quel texte et | signifie ou.', label: 'Étiquette', operator: 'Opérateur', value: 'Valeur', addMatcher: 'Ajouter une condition', removeMatcher: 'Retirer la condition', lasts: 'Pendant', ends: 'Fin', starts: 'Début', nowChoice: 'maintenant', reason: 'Motif', reasonHint: 'Pour que les autres sachent.', would: (n, text) => `Concernerait ${count(n, text, 'alerte en cours', 'alertes en cours')}.`, wouldNone: 'Ne concernerait aucune alerte en cours.', submit: 'Mettre en sourdine', operators: { '=': 'est', '!=': 'n’est pas', '=~': 'ressemble à', '!~': 'ne ressemble pas à' }, past: 'La fin doit être dans l’avenir et après le début.', showOver: (n, text) => `Afficher ${count(n, text, 'passée', 'passées')}`,
  },
  maintenance: {
    title: 'Fenêtres de maintenance', lead: 'Moments récurrents où personne n’est prévenu, comme un redémarrage nocturne.', create: 'Nouvelle fenêtre', none: 'Aucune fenêtre de maintenance.', name: 'Nom', days: 'Jours', everyDay: 'tous les jours', weekdays: { monday: 'lun.', tuesday: 'mar.', wednesday: 'mer.', thursday: 'jeu.', friday: 'ven.', saturday: 'sam.', sunday: 'dim.' }, start: 'Début', duration: 'Durée', zone: 'Fuseau horaire', next: 'Prochaine', active: 'En cours', over: 'Passée', firstDay: 'Premier jour', lastDay: 'Dernier jour', which: 'Quelles alertes', every: 'toutes les alertes', when: (days, start, duration, zone) => `${days} à ${start} pendant ${duration} (${zone})`, formTitle: 'Nouvelle fenêtre de maintenance', editTitle: 'Modifier la fenêtre de maintenance', deleteTitle: 'Supprimer cette fenêtre ?', deleteText: (name) => `« ${name} » ne mettra plus rien en sourdine.`, noDay: 'Choisissez au moins un jour.',
  },
  notifiers: {
    lead: 'Où vont les notifications, dans quelle langue, et ce qu’il en est advenu.', create: 'Nouveau canal', title: 'Canaux', name: 'Nom', channel: 'Type', destination: 'Destination', last: 'Dernière notification', never: 'aucune', ok: 'remise', failed: 'échec', queued: (n, text) => `${count(n, text, 'notification en attente', 'notifications en attente')}`, givenUp: (n, text) => `${count(n, text, 'notification abandonnée', 'notifications abandonnées')}`, off: 'désactivé', language: 'Langue', severities: 'Gravités', allSeverities: 'toutes les gravités',
    test: 'Envoyer un essai', testing: 'Envoi…', testOk: (name, status) => `${name} a accepté l’essai${status === '' ? '' : ` (statut ${status})`}. Vérifiez : il devrait y être arrivé.`, testFailed: (name, why) => `L’essai n’a pas atteint ${name} : ${why}`, testAgain: 'Envoyer un autre essai',
    pick: 'Où envoyer les notifications ?', newTitle: (channel) => `Nouveau canal : ${channel}`, nameHint: 'Ce nom apparaît dans les règles et le journal des envois.', connection: 'Connexion', secretSet: 'Enregistré. Laissez vide pour le conserver.', secretKept: 'Enregistré, plus jamais affiché.', forget: 'Retirer la valeur enregistrée', forgotten: 'Sera retirée', languageHint: 'Les notifications sont rédigées dans cette langue.', zone: 'Fuseau horaire des heures', which: 'Quelles alertes', severitiesHint: 'Aucune cochée : toutes.', matchers: 'Seulement avec ces étiquettes', resolved: 'Annoncer aussi la fin', enabled: 'Activé', grouping: 'Regroupement et répétition', groupBy: 'Notification commune si identiques', groupByHint: 'Étiquettes, séparées par des virgules.', groupWait: 'Attente avant la première', groupInterval: 'Au moins entre deux', repeat: 'Répéter tant qu’elle dure', create2: 'Créer le canal', saved: 'Enregistré.', created: 'Créé. Envoyez un essai pour vérifier qu’il arrive.',
    deleteTitle: 'Supprimer ce canal ?', deleteText: (name) => `Plus rien ne sera envoyé à « ${name} ». Ce qui attend est annulé.`, notFound: 'Ce canal n’existe pas.', required: 'nécessaire', yes: 'Oui',
    channels: { webhook: 'JSON vers toute adresse, signé', slack: 'Webhook entrant', teams: 'Webhook de workflow', pagerduty: 'Events API v2, alerte et résout', email: 'Par votre serveur SMTP', feishu: 'Robot personnalisé, Feishu ou Lark', dingtalk: 'Robot personnalisé', alertmanager: 'Alertmanager de Prometheus, API v2' },
    stepsTitle: 'Une alerte Slack en trois étapes', stepsLead: 'Personne n’est encore prévenu, car aucun canal n’est configuré.', stepOne: 'Créez un webhook entrant dans Slack', stepOneText: 'Sur api.slack.com/apps : créez une application, activez « Incoming Webhooks », ajoutez-en un à un canal et copiez son URL.', stepTwo: 'Collez-la ici et envoyez un essai', stepTwoText: 'Le résultat s’affiche aussitôt. L’URL est conservée et n’est plus jamais affichée.', stepThree: 'Activez une règle', stepThreeText: 'La règle des pics est déjà active. Celles proposées sont adaptées à votre trafic ; les rejouer montre combien de fois chacune vous aurait réveillé.', stepThreeLater: 'Après le premier import, une règle des pics est active et d’autres, adaptées à votre trafic, sont proposées.', stepSlack: 'Ajouter Slack', stepOther: 'Un autre type', stepRules: 'Voir les règles', stepDone: 'Fait',
  },
  deliveries: {
    title: 'Envois', lead: 'Chaque notification et chaque tentative. Un destinataire en panne ne perd rien : les notifications attendent et sont réessayées.', none: 'Rien n’a encore été envoyé.', when: 'Quand', to: 'À', about: 'Objet', state: 'État', attempts: 'Tentatives', states: { queued: 'En attente', sending: 'Envoi', sent: 'Remise', failed: 'Abandonnée', cancelled: 'Annulée' }, reasons: { change: 'nouvelle', repeat: 'répétition', acknowledged: 'prise en charge', test: 'essai' }, next: (text) => `prochaine tentative ${text}`, retry: 'Renvoyer maintenant', took: (text) => `en ${text}`, status: (code) => `statut ${code}`, attempt: (n) => `Tentative ${n}`, id: 'Identifiant', filter: 'État', testNotice: 'Notification d’essai', show: (n, text) => count(n, text, 'tentative', 'tentatives'),
  },
  marks: {
    label: 'Alertes sur cette période', fired: (name, when) => `${name}, déclenchée ${when}`, would: (name, when) => `${name}, se serait déclenchée ${when}`, more: (_n, text) => `${text} alertes`, legend: 'Alerte', legendWould: 'Alerte qui se serait déclenchée',
  },
  would: {
    title: 'Alertes que ces journaux auraient déclenchées', lead: 'Des journaux du passé ne réveillent personne. Chaque règle leur a été appliquée selon l’heure des requêtes, y compris les règles proposées encore désactivées.', none: 'Aucune règle ne se serait déclenchée.', sent: 'Notifications', off: 'désactivée', notices: (n, text) => count(n, text, 'notification', 'notifications'), running: 'Application des règles à ces journaux…',
  },
}
