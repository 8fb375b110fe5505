/**
 * What an input that fetches by itself does at the moment, or waits for: a code and its values, and the sentence that each
 * language makes of them.
 */
import { Type, type Static } from 'typebox'
import { HOUR, MINUTE } from './duration.js'
import { SPEECH, type Language, type Translated } from './languages.js'

const time = () => Type.String({ format: 'date-time' })
const names = (description: string) => Type.Array(Type.String(), { description })

export const DoingSchema = Type.Union(
  [
    Type.Object({ code: Type.Literal('elsewhere') }, { description: 'Another node fetches it' }),
    Type.Object(
      {
        code: Type.Literal('pulled'),
        receivedTo: time(),
        behindMs: Type.Integer({ description: 'How much is still to be fetched, ms; 0: it has caught up' }),
        lost: Type.Union([Type.Object({ from: time(), to: time() }), Type.Null()]),
      },
      { description: 'All that Cloudflare received before is here; `lost` was older than Logpull keeps' },
    ),
    Type.Object(
      { code: Type.Literal('taking'), taken: Type.Integer(), at: Type.String() },
      { description: 'Takes objects out of a bucket' },
    ),
    Type.Object(
      {
        code: Type.Literal('all-taken'),
        taken: Type.Integer({ description: 'Since the last look' }),
        vanished: Type.Integer({ description: 'Gone, or written anew, before they could be read' }),
        refused: Type.Integer({ description: 'No logs, by what is in them' }),
        like: Type.Union([
          Type.Object({ name: Type.String(), code: Type.String(), message: Type.String() }),
          Type.Null(),
        ]),
      },
      { description: 'Every object of a bucket is here' },
    ),
    Type.Object(
      {
        code: Type.Literal('followed'),
        files: Type.Integer(),
        unfinished: names('Still being written'),
        refused: names('No logs'),
        unreadable: names('May not be read'),
      },
      { description: 'Waits for new lines in the files of a folder' },
    ),
  ],
  { description: 'What it does, or waits for' },
)
export type Doing = Static<typeof DoingSchema>

type Sentences = { readonly [C in Doing['code']]: (doing: Extract<Doing, { code: C }>, language: Language) => string }

const SENTENCES: Translated<Sentences> = {
  en: {
    'elsewhere': () => 'Another node fetches it.',
    'pulled': ({ receivedTo, behindMs, lost }, language) =>
      `${
        behindMs > 0
          ? `Catching up: at ${moment(receivedTo, language)}, ${span(behindMs, language)} to go`
          : `All that Cloudflare received until ${moment(receivedTo, language)} is here`
      }${lost ? `; not to be had any more (Logpull keeps seven days): ${moment(lost.from, language)} to ${moment(lost.to, language)}` : ''}.`,
    'taking': ({ taken, at }, language) =>
      `${number(taken, language)} ${taken === 1 ? 'object' : 'objects'} taken, at ${at}`,
    'all-taken': ({ taken, vanished, refused, like }, language) =>
      `Every object is here${taken > 0 ? `, ${number(taken, language)} of them new` : ''}${
        vanished > 0
          ? `; ${number(vanished, language)} ${vanished === 1 ? 'was' : 'were'} gone or written anew before they could be read`
          : ''
      }${refused > 0 ? `; ${number(refused, language)} ${refused === 1 ? 'is no log' : 'are no logs'}${like ? `, like ${like.name}: ${like.message}` : ''}` : '.'}`,
    'followed': ({ files, unfinished, refused, unreadable }, language) =>
      `Waits for new lines in ${number(files, language)} ${files === 1 ? 'file' : 'files'}${
        unfinished.length > 0 ? `; for the rest of ${some(unfinished, language)}` : ''
      }${refused.length > 0 ? `; no log: ${some(refused, language)}` : ''}${
        unreadable.length > 0 ? `; may not be read: ${some(unreadable, language)}` : ''
      }.`,
  },
  fr: {
    'elsewhere': () => 'Un autre nœud s’en charge.',
    'pulled': ({ receivedTo, behindMs, lost }, language) =>
      `${
        behindMs > 0
          ? `Rattrapage en cours : au ${moment(receivedTo, language)}, encore ${span(behindMs, language)} à récupérer`
          : `Tout ce que Cloudflare a reçu jusqu’au ${moment(receivedTo, language)} est là`
      }${lost ? ` ; n’est plus disponible (Logpull conserve sept jours) : du ${moment(lost.from, language)} au ${moment(lost.to, language)}` : ''}.`,
    'taking': ({ taken, at }, language) =>
      `${number(taken, language)} ${taken < 2 ? 'objet lu' : 'objets lus'}, actuellement ${at}`,
    'all-taken': ({ taken, vanished, refused, like }, language) =>
      `Tous les objets sont là${taken > 0 ? `, dont ${number(taken, language)} ${taken < 2 ? 'nouveau' : 'nouveaux'}` : ''}${
        vanished > 0
          ? ` ; ${number(vanished, language)} ${vanished < 2 ? 'a disparu ou a été réécrit' : 'ont disparu ou ont été réécrits'} avant la lecture`
          : ''
      }${
        refused > 0
          ? ` ; ${number(refused, language)} ${refused < 2 ? 'n’est pas un journal' : 'ne sont pas des journaux'}${like ? `, par exemple ${like.name}` : ''}`
          : ''
      }.`,
    'followed': ({ files, unfinished, refused, unreadable }, language) =>
      `Attend de nouvelles lignes dans ${number(files, language)} ${files < 2 ? 'fichier' : 'fichiers'}${
        unfinished.length > 0 ? ` ; la suite de ${some(unfinished, language)}` : ''
      }${refused.length > 0 ? ` ; pas un journal : ${some(refused, language)}` : ''}${
        unreadable.length > 0 ? ` ; lecture non autorisée : ${some(unreadable, language)}` : ''
      }.`,
  },
  zh: {
    'elsewhere': () => '由另一个节点获取。',
    'pulled': ({ receivedTo, behindMs, lost }, language) =>
      `${
        behindMs > 0
          ? `正在追赶：已到 ${moment(receivedTo, language)}，还剩${span(behindMs, language)}`
          : `Cloudflare 在 ${moment(receivedTo, language)} 之前收到的日志都已在此`
      }${lost ? `；已无法获取（Logpull 只保留七天）：${moment(lost.from, language)} 至 ${moment(lost.to, language)}` : ''}。`,
    'taking': ({ taken, at }, language) => `已读取 ${number(taken, language)} 个对象，正在读取 ${at}`,
    'all-taken': ({ taken, vanished, refused, like }, language) =>
      `所有对象都已在此${taken > 0 ? `，其中 ${number(taken, language)} 个是新的` : ''}${
        vanished > 0 ? `；${number(vanished, language)} 个在读取之前已被删除或重写` : ''
      }${refused > 0 ? `；${number(refused, language)} 个不是日志${like ? `，例如 ${like.name}` : ''}` : ''}。`,
    'followed': ({ files, unfinished, refused, unreadable }, language) =>
      `等待 ${number(files, language)} 个文件中的新行${
        unfinished.length > 0 ? `；等待写完：${some(unfinished, language)}` : ''
      }${refused.length > 0 ? `；不是日志：${some(refused, language)}` : ''}${
        unreadable.length > 0 ? `；无权读取：${some(unreadable, language)}` : ''
      }。`,
  },
}

/** The sentence for people. */
export function doingInWords(doing: Doing, language: Language): string {
  const say = SENTENCES[language][doing.code] as (doing: Doing, language: Language) => string
  return say(doing, language)
}

const number = (n: number, language: Language) => new Intl.NumberFormat(SPEECH[language].locale).format(n)

/** To the second, as Logpull is asked, in UTC. */
const moment = (iso: string, language: Language) =>
  `${new Intl.DateTimeFormat(SPEECH[language].locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(iso))} UTC`

function span(ms: number, language: Language): string {
  const unit = ms < 2 * HOUR ? 'minute' : 'hour'
  const format = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const
  return new Intl.NumberFormat(SPEECH[language].locale, format).format(ms / (unit === 'hour' ? HOUR : MINUTE))
}

const SHOWN_NAMES = 3

const some = (all: readonly string[], language: Language) =>
  new Intl.ListFormat(SPEECH[language].locale).format([
    ...all.slice(0, SHOWN_NAMES),
    ...(all.length > SHOWN_NAMES ? [`+${number(all.length - SHOWN_NAMES, language)}`] : []),
  ])
