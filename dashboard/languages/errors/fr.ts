import type { ErrorTexts } from './texts.js'

const again = 'Ce qui était entier est enregistré ; renvoyez le fichier complet, rien n’est compté deux fois.'
const gone = 'Il a peut-être été supprimé entre-temps.'

export const errors: ErrorTexts = {
  codes: {
    NOT_NDJSON:
      'Aucune ligne utilisable. Il faut des enregistrements du jeu de données http_requests, avec EdgeStartTimestamp et EdgeResponseStatus : NDJSON, JSON sous une autre forme ou CSV avec en-tête, tel quel, en gzip, zstd, tar ou zip.',
    WRONG_ENCODING:
      'Le fichier est en UTF-32, les exports sont en UTF-8. Convertissez-le d’abord : iconv -f UTF-32 -t UTF-8 FICHIER',
    TRUNCATED: `Le fichier compressé s’arrête au milieu : le transfert a été coupé. ${again}`,
    CORRUPT: `Le fichier compressé est endommagé. ${again}`,
    DECOMPRESSION_BOMB:
      'Le fichier se décompresse à bien plus que ce que fait un journal ; la lecture a été arrêtée. Si c’est vraiment un journal, décompressez-le et envoyez-le tel quel.',
    INTERRUPTED: `L’envoi s’est arrêté avant la fin. ${again}`,
    TOO_SLOW: `L’envoi était trop lent et a été coupé. ${again}`,
    UNREADABLE: 'Le fichier n’a pas pu être lu.',
    STREAM_ERROR:
      'Cloudflare a interrompu le flux (« Error streaming data. »). Ce qui précède est enregistré ; redemandez cette période.',
    BUSY: 'Le service reçoit déjà autant d’envois qu’il peut. Rien n’a été lu ; réessayez dans quelques secondes.',
    WITNESS_UNREACHABLE:
      'L’API GraphQL de Cloudflare est injoignable. Vérifiez le réseau et le proxy ; elle est de nouveau interrogée dans cinq minutes.',
    WITNESS_REFUSED:
      'L’API GraphQL de Cloudflare n’a donné aucun décompte. Le jeton doit avoir l’autorisation « Analytics Read » pour cette zone ; vérifiez aussi l’identifiant de la zone.',
    FOLDER_UNREADABLE:
      'Le dossier n’existe pas, n’en est pas un ou ne peut pas être lu. Vérifiez le chemin, les droits et le montage ; les essais continuent.',
    FETCHED_TWICE:
      'Un autre processus récupère la même chose pour cette base. Arrêtez l’un des deux ; rien n’est compté deux fois entre-temps.',
    CLOUDFLARE_UNREACHABLE:
      'L’API de Cloudflare est injoignable. Vérifiez le réseau et le proxy ; les essais continuent, et rien n’est perdu pendant sept jours.',
    CLOUDFLARE_TOKEN:
      'Le jeton d’API n’a pas le droit de lire les journaux de cette zone. Créez-en un avec la permission « Logs Read », et vérifiez l’identifiant de la zone.',
    LOGPULL_RETENTION_OFF:
      'La conservation des journaux n’est pas activée pour cette zone : Cloudflare ne garde rien. Activez-la ; seul ce qui vient ensuite pourra être récupéré.',
    LOGPULL_TOO_OFTEN:
      'La limite de 15 demandes par minute et par zone est atteinte : autre chose interroge aussi cette zone. Cela reprend tout seul.',
    LOGPULL_TOO_OLD: 'Cloudflare ne garde plus cette période : Logpull remonte à sept jours au plus.',
    LOGPULL_TOO_NEW:
      'Cloudflare n’a pas encore cette période : l’horloge de cette machine est peut-être décalée. Un nouvel essai suivra.',
    LOGPULL_FAILED: 'Cloudflare n’a pas pu répondre. C’est passager : les essais continuent, et rien n’est perdu.',
    LOGPULL_REFUSED: 'Cloudflare a refusé la demande. Vérifiez l’identifiant de la zone et les champs demandés.',
    LOGPULL_BROKEN_OFF:
      'La réponse de Cloudflare s’est interrompue. La période est redemandée, en plus court ; rien ne manque ni n’est compté deux fois.',
    BUCKET_MISSING: 'Ce bucket n’existe pas à cette adresse. Vérifiez son nom, le compte ou la région.',
    BUCKET_CLOCK:
      'L’horloge de cette machine est décalée de plus de 15 minutes : le stockage refuse les demandes. Réglez-la.',
    BUCKET_REGION: 'Le bucket est dans une autre région : indiquez-la avec « region ».',
    BUCKET_FORBIDDEN:
      'La clé d’accès n’est pas valable, ou n’a pas le droit de lister et de lire ce bucket (s3:ListBucket et s3:GetObject ; R2 : Object Read).',
    BUCKET_KEYLESS:
      'Il n’y a pas de clé pour ce bucket. Indiquez une clé d’accès, ou donnez un rôle AWS à ce qui tourne ici (AWS_ROLE_ARN, rôle du conteneur ou de l’instance). Les essais continuent, et rien n’est perdu.',
    BUCKET_BUSY: 'Le stockage est surchargé. C’est passager : les essais continuent, et rien n’est perdu.',
    BUCKET_REFUSED: 'Le stockage a refusé la demande. Vérifiez l’adresse et le préfixe.',
    BUCKET_UNREACHABLE:
      'Le stockage est injoignable. Vérifiez le réseau et l’adresse ; les essais continuent, et rien n’est perdu.',
    BUCKET_BROKEN_OFF:
      'La lecture d’un objet s’est interrompue. Il sera relu ; rien ne manque ni n’est compté deux fois.',
    STORE_BUSY: 'Un autre processus tient la base de données. Attendez qu’il ait fini, ou arrêtez-le.',
    SECRETS_UNUSABLE:
      'La clé sous laquelle les secrets sont gardés ne peut être ni lue ni écrite. Le message dit pourquoi.',
    STORE_FULL: 'Le disque est plein : libérez de la place. Ce qui était enregistré est intact.',
    STORE_UNUSABLE: 'La base de données ne peut pas être utilisée. Le journal du service dit pourquoi.',
    STORE_CLOSED: 'La base de données est fermée : le service s’arrête. Réessayez dans un instant.',
    STORE_DAMAGED: 'La base de données est endommagée. « faultline verify » dit où.',
    STORE_NEWER: 'La base de données vient d’un Faultline plus récent. Réinstallez celui-ci.',
    STORE_UNREACHABLE:
      'Le serveur de la base de données ne répond pas. Vérifiez qu’il tourne et que le réseau y mène ; réessayez dans un instant.',
    STORE_REFUSED:
      'Le serveur de la base de données refuse l’accès. Vérifiez l’utilisateur, le mot de passe et les droits ; le journal du service en dit plus.',
    INTERNAL: 'Faultline a commis une erreur ; son journal dit laquelle. Réessayez, et signalez-la si elle revient.',
    PAGE_NOT_BUILT: 'La page n’est pas construite : lancez « npm run build », puis redémarrez.',
    NO_SUCH_ROUTE: 'Ce service n’a pas cette adresse.',
    TOO_MANY_LISTENERS: 'Trop de pages sont déjà ouvertes. Fermez-en, ou rechargez plus tard.',
    FOREIGN_HOST: 'Ce Faultline ne répond pas sous ce nom d’hôte. Utilisez localhost, ou démarrez-le avec un jeton.',
    FOREIGN_ORIGIN: 'Une page d’un autre site a tenté une modification ici. Passez par la page de Faultline.',
    TOKEN_NEEDED: 'Ce Faultline demande son jeton. Reconnectez-vous.',
    TOKEN_REVOKED: 'Ce jeton a été révoqué. Demandez-en un autre à un administrateur.',
    TOKEN_EXPIRED: 'Ce jeton a expiré. Demandez-en un autre à un administrateur.',
    ROLE_NEEDED: 'Votre rôle ne le permet pas. Adressez-vous à un administrateur.',
    ALL_ZONES_NEEDED: 'Votre accès est limité à certaines zones, et ceci les concerne toutes à la fois.',
    OTHER_ZONES: 'Votre accès est limité à certaines zones : indiquez l’une d’elles.',
    ADMIN_OF_ZONES: 'Un administrateur décide pour toutes les zones. N’en indiquez pas, ou choisissez un autre rôle.',
    ALREADY_OVER: 'Cette date est déjà passée.',
    NO_SUCH_TOKEN: `Ce jeton n’existe pas. ${gone}`,
    TOKEN_OVER: 'Ce jeton était déjà révoqué.',
    NO_SUCH_SESSION: 'Cette session n’existe pas, ou elle est terminée.',
    ACCESS_TOKEN_BAD: 'Le jeton de Cloudflare Access n’est pas accepté. Reconnectez-vous.',
    PROVIDER_UNREACHABLE: 'Le service de connexion de votre organisation ne répond pas. Réessayez dans un instant.',
    NO_ROLE: 'Votre organisation vous a reconnu, mais vous n’avez aucun rôle ici. Adressez-vous à un administrateur.',
    SIGN_IN_FAILED: 'La connexion n’a pas abouti. Recommencez-la.',
    NOTHING_TO_ERASE: 'Indiquez ce qu’il faut effacer.',
    CANNOT_ERASE: 'Ce type de base n’efface que par âge et par envoi.',
    BAD_REQUEST: 'Une valeur n’est pas valable.',
    BAD_JSON: 'Le contenu envoyé n’est pas du JSON.',
    WRONG_TYPE: 'Le contenu envoyé n’est pas du type attendu.',
    TOO_LARGE: 'Le contenu envoyé est trop grand.',
    BODY_TOO_SLOW: 'L’envoi était trop lent et a été coupé. Réessayez.',
    HEADERS_TOO_LARGE:
      'Les en-têtes de la requête sont trop volumineux. Supprimez des cookies, ou raccourcissez l’adresse.',
    HEADERS_TOO_SLOW: 'Les en-têtes de la requête ne sont pas arrivés à temps. Réessayez.',
    TOO_MANY_FAILURES: 'Trop de jetons erronés sont venus de cette adresse. Réessayez dans une minute.',
    TOO_MANY_CHANGES: 'Trop de modifications en peu de temps depuis cette adresse. Reprenez dans une minute.',
    BAD_FILTER: 'Un filtre a une valeur qu’aucune requête ne peut avoir.',
    BAD_TIME: 'L’heure indiquée n’existe pas. Écrivez-la comme 2026-05-20T14:05:00Z.',
    BAD_STEP: 'La largeur des colonnes n’est pas valable.',
    BAD_ZONE: 'Ce fuseau horaire n’existe pas. Écrivez-le comme Europe/Paris.',
    BAD_NUMBER: 'Un nombre n’est pas valable.',
    BAD_CURSOR: 'Cette suite de liste n’existe plus. Rechargez la page.',
    BAD_COMPARE: 'Cette comparaison n’existe pas.',
    BAD_SORT: 'Ce tri n’existe pas.',
    BAD_NETWORKS: 'Seules les adresses se regroupent par réseau.',
    BAD_SWITCH: 'Seuls « true » et « false » sont compris ici.',
    BAD_PERCENTILE: 'Ce percentile n’existe pas.',
    EMPTY_RANGE: 'La période se termine avant de commencer.',
    TOO_MANY_POINTS: 'Cela ferait trop de points. Choisissez une période plus courte.',
    TOO_MANY_VALUES: 'Le filtre a trop de valeurs. Retirez-en, ou posez la question en plusieurs fois.',
    MISSING_PARAMETER: 'Il manque une indication.',
    REPEATED_PARAMETER: 'Une indication a été donnée plusieurs fois.',
    UNKNOWN_PARAMETER: 'Une indication n’est pas connue ici.',
    UNKNOWN_DIMENSION: 'Cette dimension n’existe pas.',
    POST_ONLY: 'Cette adresse n’accepte que POST.',
    UNKNOWN_FIELD: 'Un enregistrement n’a pas ce champ.',
    UNKNOWN_MEASURE: 'Cette mesure n’existe pas.',
    UNKNOWN_LANGUAGE: 'Cette langue n’est pas proposée.',
    NO_SUCH_RECORD: 'Aucune requête avec ce Ray ID n’est enregistrée.',
    NO_SUCH_BATCH: `Ce lot n’existe pas. ${gone}`,
    BATCH_OPEN: 'Ce lot est encore en cours de lecture. Arrêtez son envoi ou attendez sa fin, puis supprimez-le.',
    BATCH_GONE: 'Ce lot a été supprimé pendant son envoi. Renvoyez le tout : rien n’est compté deux fois.',
    BATCH_CLOSED: 'Ce lot est clos et n’accepte plus rien. Renvoyez le tout : rien n’est compté deux fois.',
    PART_CONFLICT:
      'Une partie de ce lot est revenue avec un autre contenu. Renvoyez le tout : rien n’est compté deux fois.',
    BATCH_COUNTED:
      'Des enregistrements de ce lot ont expiré et ne sont plus que comptés, sans trace de leur lot : il ne peut plus être retiré.',
    RECORDS_GONE:
      'Les enregistrements de cette période ont expiré. Il en reste les décomptes par zone, hôte, statut et source, au quart d’heure ; choisissez une période plus récente pour le reste.',
    RECORD_GONE:
      'Aucune requête avec ce Ray ID n’est enregistrée, mais des enregistrements ont expiré : elle en était peut-être.',
    NOT_ON_THIS_STORE:
      'Seule une base SQLite garde des décomptes plus longtemps que les enregistrements, ou des zones à part.',
    BAD_ZONES: 'Écrivez ZONE=JOURS ou ZONE=JOURS/JOURS_DE_DÉCOMPTES, par exemple example.com=30/400.',
    NO_SUCH_VERDICT: 'Personne ne s’est prononcé sur ce pic : il n’y a rien à retirer.',
    NO_TIME: 'Indiquez un moment, ou un début et une fin.',
    TWO_TIMES: 'Indiquez un moment, ou bien un début et une fin, pas les deux.',
    HALF_A_SPAN: 'Une période a un début et une fin : il en manque un.',
    NO_SUCH_ANNOTATION: 'Cette note n’existe pas, ou plus.',
    TWO_SELECTIONS: 'Choisissez un pic, ou bien une période avec ses filtres, pas les deux.',
    NO_SELECTION: 'Indiquez ce qu’il faut figer : un pic, ou une période.',
    BAD_FORMAT: 'Ce format n’est pas proposé.',
    NO_SUCH_INCIDENT: 'Cet incident n’existe pas, ou plus.',
    UNKNOWN_TYPE: 'Ce canal n’existe pas. Choisissez-en un dans la liste.',
    NO_SUCH_SPIKE: 'Ce pic n’existe pas ; des données tardives l’ont peut-être déplacé.',
    BAD_RULE: 'La règle contient une erreur.',
    WHICH_RULE: 'Il faut indiquer une règle.',
    RULE_FROM_FILE: 'Cette règle vient du fichier de règles : modifiez-la là-bas, il est relu aussitôt.',
    FIELDS_MISSING:
      'Les journaux ne contiennent pas les champs dont cette règle a besoin. Ajoutez-les à la tâche Logpush.',
    NO_DETECTOR: 'La détection des pics n’est pas disponible ici.',
    ALERTS_BUSY: 'Les alertes étaient modifiées sans cesse pendant l’évaluation. La prochaine évaluation réessaie.',
    NOT_LEADING: 'Un autre nœud évalue maintenant les règles : celui-ci n’écrit rien.',
    ALERT_OVER: 'Cette alerte est déjà terminée.',
    NAME_TAKEN: 'Ce nom est déjà pris. Choisissez-en un autre.',
    OTHER_TYPE: 'Le type d’un canal ne change pas. Créez-en un nouveau.',
    MISSING_SETTING: 'Il manque un réglage nécessaire.',
    UNKNOWN_SETTING: 'Ce réglage n’existe pas pour ce canal.',
    BAD_SETTING: 'Un réglage n’est pas valable.',
    SECRET_NEEDED: 'Les messages iraient ailleurs désormais : saisissez à nouveau les secrets.',
    ADDRESS_REFUSED:
      'C’est une adresse interne. Si les messages doivent y aller, autorisez-la avec FAULTLINE_ALLOW_ADDRESSES.',
    BAD_DURATION: 'La durée n’est pas valable. Écrivez-la comme 5m ou 1h30m.',
    BAD_DAY: 'Ce jour n’existe pas.',
    BAD_STATE: 'Cet état n’existe pas.',
    TOO_LONG: 'Un silence dure un an au plus. Désactivez plutôt la règle.',
    NO_SUCH_RULE: `Cette règle n’existe pas. ${gone}`,
    NO_SUCH_ALERT: 'Cette alerte n’existe pas.',
    NO_SUCH_SILENCE: `Ce silence n’existe pas. ${gone}`,
    NO_SUCH_MAINTENANCE: `Cette période de maintenance n’existe pas. ${gone}`,
    NO_SUCH_NOTIFIER: `Ce canal n’existe pas. ${gone}`,
    NO_SUCH_DELIVERY: 'Ce message n’attend plus.',
  },
  seen: {
    'other-dataset': 'Ses lignes sont du JSON d’un autre jeu de données (pare-feu, DNS…).',
    'not-requests':
      'Ses objets n’ont ni heure ni statut de requête : ce ne sont pas des enregistrements de http_requests.',
    'table':
      'C’est un tableau en JSON, les noms d’un côté, les lignes de l’autre. Exportez un objet par ligne, ou du CSV avec en-tête.',
    'no-status': 'Il y manque EdgeResponseStatus : ajoutez ce champ à la tâche Logpush.',
    'no-time': 'Il y manque EdgeStartTimestamp : ajoutez ce champ à la tâche Logpush.',
    'bad-value': 'L’heure ou le statut de la première ligne n’est pas lisible.',
    'stream-error': 'Il ne contient que « Error streaming data. » de Logpull : redemandez cette période.',
    'too-long': 'Sa première ligne dépasse 1 Mio.',
    'truncated': 'Son unique ligne s’arrête au milieu : le fichier a été coupé.',
    'packed':
      'Il est compressé d’une façon qui n’est pas lue ici (bzip2, xz, 7-Zip…). Décompressez-le, ou utilisez gzip, zstd ou zip.',
    'binary': 'Cela ressemble à un fichier binaire.',
    'html': 'C’est du HTML ou du XML, peut-être une page d’erreur enregistrée à la place du journal.',
    'csv':
      'C’est du CSV sans en-tête : impossible de savoir quelle colonne est laquelle. Mettez les noms des champs en première ligne (avec Logpush : batch_prefix).',
    'bad-columns': 'Ses lignes n’ont pas autant de colonnes que l’en-tête.',
    'bad-json': 'Une ligne cesse d’être du JSON en un point précis.',
    'renamed': 'Ses champs portent des noms à eux. Dites à quels champs ils correspondent :',
    'own-export':
      'Ses lignes sont des enregistrements exportés par Faultline. Ce qui les distinguait à l’arrivée (les paramètres de l’URI, l’adresse telle que reçue) n’y figure pas : importés de nouveau, ils compteraient deux fois. Importez les journaux eux-mêmes, ou copiez une base dans une autre avec faultline copy --from URL --to URL.',
    'api-error': 'C’est une réponse d’API, enregistrée à la place du journal :',
    'graphql': 'C’est une réponse de l’API GraphQL de Cloudflare : des totaux, pas les requêtes elles-mêmes.',
    'other-format':
      'C’est un texte d’un autre format (logfmt, CEF, YAML, SQL…). Exportez les enregistrements avec un objet JSON par ligne.',
    'no-log-inside': 'L’archive ne contient aucun journal.',
    'other': 'Ce n’est pas du JSON.',
  },
  abandoned: `Le processus qui recevait ce lot s’est terminé avant la fin. ${again}`,
  other: 'Le service explique en anglais :',
}
