import { SPEECH } from '../../../../../schema/words/languages.js'
import type { Found } from '../mistake.js'
import { numberIn, type FileTexts, type MistakeTexts, type YamlTexts } from './texts.js'

const number = numberIn(SPEECH.fr.locale)
const shown = (found: Found): string =>
  found.as === 'text' ? `« ${found.text} »` : found.as === 'list' ? 'une liste' : 'un objet'
const meant = ({ near, known }: { near: string | null; known: readonly string[] }, thereAre: string): string =>
  near === null ? ` ${thereAre} : ${known.join(', ')}.` : ` Vouliez-vous dire « ${near} » ?`

const YAML: YamlTexts = {
  ALIAS_PROPS: 'un alias ne peut porter ni ancre ni étiquette de type',
  BAD_ALIAS: 'une ancre ou un alias est mal écrit',
  BAD_COLLECTION_TYPE: 'une étiquette de type ne convient pas à ce qui la suit',
  BAD_DIRECTIVE: 'une directive (%) est mal écrite',
  BAD_DQ_ESCAPE: 'une séquence d’échappement n’existe pas',
  BAD_INDENT: 'l’indentation ne convient pas, ou un crochet ou une accolade n’est pas fermé',
  BAD_PROP_ORDER: 'une ancre ou une étiquette de type est placée avant le signe qu’elle doit suivre',
  BAD_SCALAR_START: 'une valeur sans guillemets ne peut pas commencer par ce caractère',
  BLOCK_AS_IMPLICIT_KEY: 'plusieurs clés imbriquées sont sur la même ligne',
  BLOCK_IN_FLOW: 'un bloc indenté se trouve entre crochets ou accolades',
  DUPLICATE_KEY: 'une clé est répétée',
  IMPOSSIBLE: 'la structure est incompréhensible',
  KEY_OVER_1024_CHARS: 'une clé dépasse 1 024 caractères',
  MISSING_CHAR: 'il manque un signe, par exemple un guillemet, une virgule, un deux-points, un crochet ou une espace',
  MULTILINE_IMPLICIT_KEY: 'une clé s’étend sur plusieurs lignes',
  MULTIPLE_ANCHORS: 'une valeur a plusieurs ancres',
  MULTIPLE_DOCS: 'le texte contient plusieurs documents',
  MULTIPLE_TAGS: 'une valeur a plusieurs étiquettes de type',
  NON_STRING_KEY: 'une clé n’est pas un texte',
  RESOURCE_EXHAUSTION: 'l’imbrication est trop profonde',
  TAB_AS_INDENT: 'l’indentation utilise des tabulations',
  TAG_RESOLVE_FAILED: 'une étiquette de type est inconnue, ou la valeur ne lui correspond pas',
  UNEXPECTED_TOKEN: 'un signe se trouve là où il n’est pas attendu',
}

const FILE: FileTexts = {
  ENOENT: 'il n’existe pas',
  EACCES: 'l’accès est refusé',
  EISDIR: 'c’est un dossier',
}

export const fr: MistakeTexts = {
  'rule': 'La règle',
  'end': '.',
  'between': ' ; ',
  'no-rule': ({ name }) => `doit être un objet avec au moins ${name} et expr`,
  'promql': () =>
    'est un texte. Faultline attend ici des champs, pas du PromQL : {kind: count, where: {status: 403}, window: 5m, above: 100}',
  'no-expr': () =>
    'manque. On y dit ce qu’il faut surveiller, par exemple {kind: ratio, errors: {class: 5xx}, window: 5m, above: 5%}',
  'missing'({ reads, words, example }) {
    if (reads === 'word') return `manque. Valeurs possibles : ${words.join(', ')}`
    if (reads === 'duration' || reads === 'window') return 'manque : une durée comme 5m'
    if (reads === 'number') return `manque : un nombre${example === null ? '' : ` comme ${example}`}`
    if (reads === 'share') return `manque : une part comme ${example ?? 0.05}, ou un pourcentage`
    if (reads === 'filters') return `manque : au moins un filtre${example === null ? '' : `, par exemple ${example}`}`
    return example === null ? 'manque' : `manque, par exemple ${example}`
  },
  'unknown-key': (of) => `« ${of.key} » n’est pas connu ici.${meant(of, 'Sont connus')}`,
  'no-text': () => 'doit être un texte',
  'too-long': ({ length, most }) => `compte ${number(length)} caractères ; la limite est de ${number(most)}`,
  'no-link': () => 'doit être un lien qui commence par https:// ou http://',
  'no-texts': () => 'doit être une liste de textes',
  'no-flag': () => 'doit être true ou false',
  'unknown-word': (of) => `${shown(of.found)} n’est pas une valeur connue.${meant(of, 'Valeurs possibles')}`,
  'no-number'({ found, from, to, between, percent }) {
    const limits =
      to === null ? `un nombre d’au moins ${number(from ?? 0)}` : `un nombre de ${number(from ?? 0)} à ${number(to)}`
    const wanted = between
      ? `un nombre compris entre ${from} et ${to}, bornes exclues, comme ${between.example}${percent === null ? '' : ` ou ${percent}`}`
      : `${limits}${percent === null ? '' : `, ou un pourcentage comme ${percent}`}`
    return `doit être ${wanted}, et non ${found}`
  },
  'no-duration': ({ found }) => `${found} n’est pas une durée ; écrivez-la comme 90s, 5m ou 1h30m`,
  'duration-out-of-range': ({ least, most }) => `doit être compris entre ${least} et ${most}`,
  'no-whole-minutes': () => 'doit être un nombre entier de minutes',
  'too-many-dimensions': ({ most }) => `accepte au plus ${most === 2 ? 'deux' : number(most)} dimensions`,
  'no-dimension': (of) => `${shown(of.found)} n’est pas une dimension.${meant(of, 'Dimensions possibles')}`,
  'no-labels': () => 'doit être un objet qui associe des noms à des textes',
  'no-label-name': () => 'n’est pas un nom d’étiquette : lettres, chiffres et _, sans commencer par un chiffre',
  'label-of-rule': ({ name }) =>
    `est fixé par la règle elle-même${name === 'severity' ? ' : renseignez plutôt severity' : ''}`,
  'no-list': ({ least, most, example }) =>
    `doit être une liste de ${number(least)} à ${number(most)} éléments, par exemple ${example}`,
  'recover-over': ({ above }) =>
    `ne doit pas dépasser le seuil (${number(above)}) : l’alerte prendrait fin alors que le seuil est encore dépassé`,
  'no-where': () =>
    'doit être un objet qui associe des filtres à des valeurs, par exemple {status: 403, host: www.example.com}',
  'no-values': () => 'doit être une valeur ou une liste de valeurs',
  'no-filter': (of) => `« ${of.name} » n’est pas un filtre.${meant(of, 'Filtres possibles')}`,
  'empty-list': () => 'la liste est vide : rien n’y correspondrait',
  'too-many-values': ({ count, most }) => `${number(count)} valeurs, c’est trop ; la limite est de ${number(most)}`,
  'no-audience': ({ found }) => `« ${found} » n’est pas une valeur connue ; indiquez true, false ou all`,
  'visitor-in-errors': () => 'a sa place dans where',
  'no-errors': () => 'ne contient aucun filtre : toute requête serait une erreur',
  'file-unreadable': ({ path, error }) =>
    `Le fichier de règles ${path} est illisible (${FILE[error.code as keyof FileTexts] ?? error.code}). Ses règles restent en vigueur telles quelles.`,
  'file-too-large': ({ kilobytes }) => `Le fichier dépasse ${number(kilobytes)} ko`,
  'no-yaml': ({ code }) => `n’est pas du YAML valide : ${YAML[code]}`,
  'bad-aliases': ({ isTooMany }) =>
    isTooMany
      ? 'n’est pas utilisable : les alias YAML y sont trop nombreux'
      : 'n’est pas du YAML valide : un alias renvoie à une ancre qui n’est pas définie avant lui',
  'no-groups': () => 'groups manque : une liste dont chaque élément a un nom (name) et une liste de règles (rules)',
  'no-group': () => 'doit avoir un nom (name) et une liste de règles (rules)',
  'interval': () =>
    'n’est pas utilisé ici : les règles sont évaluées à chaque minute du temps des événements. Retirez-le',
  'recording-rule': () => 'est une règle d’enregistrement : seules des alertes sont possibles ici',
  'name-taken': ({ name }) => `une autre règle s’appelle aussi « ${name} »`,
}
