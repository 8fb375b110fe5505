/** A notice put into words, before any channel has its say. */
import { observedOf, type Notice, type NoticeAlert } from '../../../schema/store/alert-log.js'
import { dimensionLabels, isDimension } from '../../../schema/words/dimensions.js'
import { inAside, SPEECH, type Language } from '../../../schema/words/languages.js'
import type { Source } from '../../../schema/words/sources.js'
import { noteIn } from '../../../schema/words/starter-notes.js'
import { nameIn } from '../../../schema/words/starters.js'
import type { Entry, Fact, Link, Message, WordedNotice } from '../../notifiers/message.js'
import { findKind } from '../kinds/index.js'
import { figuresOf, type Figures } from './figures.js'
import { ALERT_TEXTS, type AlertTexts } from './languages/index.js'

/** More alerts than these make no notice better. */
const MOST_ENTRIES = 8
/** Longer values are cut: a path of a visitor may have thousands of characters. */
const MOST_CHARACTERS = 300
const MOST_VALUES = 5

/** A notice as a channel gets it: what happened, and the same in its language and time zone. */
export function wordNotice(notice: Notice, timeZone: string): WordedNotice {
  return {
    ...notice,
    message: messageOf(notice, timeZone),
    alerts: notice.alerts.map((alert) => ({
      ...alert,
      message: messageOf({ ...notice, alerts: [{ ...alert, changed: true }] }, timeZone),
    })),
  }
}

export function messageOf(stored: Notice, timeZone: string): Message {
  const notice = inItsLanguage(stored)
  const texts = ALERT_TEXTS[notice.language]
  const figures = figuresOf(texts, timeZone)
  const changed = notice.alerts.filter((alert) => alert.changed)
  const told = changed.length > 0 ? changed : notice.alerts
  const shown = told.slice(0, MOST_ENTRIES)
  const left = told.length - shown.length
  const still = changed.length > 0 ? notice.alerts.length - changed.length : 0
  return {
    title: clip(titleOf(notice, told, texts, figures)),
    level: levelOf(told),
    entries: shown.map((alert) => entryOf(alert, notice, texts, figures)),
    more: [left > 0 ? texts.more(figures.number(left)) : '', still > 0 ? texts.still(figures.number(still)) : '']
      .filter(Boolean)
      .join(' · '),
    colon: SPEECH[notice.language].colon,
  }
}

/** Rules to begin with are stored in the language of their day; a notice names them in its own. */
const inItsLanguage = (notice: Notice): Notice => ({
  ...notice,
  alerts: notice.alerts.map((alert) => ({
    ...alert,
    name: nameIn(alert.name, notice.language),
    note: noteIn(alert.note, notice.language),
  })),
})

function titleOf(notice: Notice, told: readonly NoticeAlert[], texts: AlertTexts, figures: Figures): string {
  if (notice.reason === 'test') return texts.test.name
  const phase = told.find((alert) => alert.phase === 'firing') ?? told[0]
  const names = [...new Set(told.map((alert) => alert.name))].join(', ')
  const name = told.length === 1 ? names : texts.grouped(figures.number(told.length), names)
  const severity = phase.phase === 'firing' ? inAside(texts.severities[phase.severity], notice.language) : ''
  return [`[${texts.phases[phase.phase]}] ${name}${severity}`, ...placesOf(told, texts)].join(' · ')
}

const harmless = (bracket: string): string => (bracket === '<' ? '‹' : '›')

/** More than so many places are told in the message itself. */
const MOST_PLACES = 3

/**
 * What of its rule an alert is about, in short: `522, api.example.com`. A lock screen shows the title and nothing else. Channels show
 * titles as plain text, some as markup all the same: brackets that a visitor sent are turned into others.
 */
function placesOf(told: readonly NoticeAlert[], texts: AlertTexts): string[] {
  const places = told.map(({ labels }) =>
    Object.entries(labels)
      .filter(([name]) => isDimension(name) && !(name === 'class' && labels.status !== undefined))
      .map(([name, value]) => clip(valuesText(name, [value], texts), MOST_CHARACTERS).replace(/[<>]/g, harmless))
      .join(', '),
  )
  const named = [...new Set(places)].filter((place) => place !== '')
  return named.length > MOST_PLACES ? [] : named
}

function levelOf(told: readonly NoticeAlert[]): Message['level'] {
  const firing = told.filter((alert) => alert.phase === 'firing')
  for (const severity of ['critical', 'warning', 'info'] as const) {
    if (firing.some((alert) => alert.severity === severity)) return severity
  }
  return 'ok'
}

function entryOf(alert: NoticeAlert, notice: Notice, texts: AlertTexts, figures: Figures): Entry {
  if (notice.reason === 'test') {
    return {
      heading: texts.test.name,
      facts: [{ head: texts.heads.note, text: texts.test.note }],
      links: linksOf(alert, texts),
    }
  }
  const { heads } = texts
  const seen = findKind(alert.kind)?.words[notice.language].seen(alert.finding, { texts, figures })
  const facts: Fact[] = []
  const add = (head: string, text: string, lines = false) => {
    if (text !== '') facts.push({ head, text: lines ? clipLines(text) : clip(text) })
  }
  if (alert.resolvedAt === null) add(heads.since, texts.ongoing(figures.time(alert.pendingAt)))
  else add(heads.lasted, texts.from(figures.time(alert.pendingAt), figures.time(alert.resolvedAt)))
  add(heads.howMuch, howMuch(alert, texts, figures))
  add(heads.where, whereText(alert, texts, notice.language))
  if (alert.explanation && alert.phase !== 'resolved') {
    const { cause, firstCheck, urgency } = alert.explanation
    if (urgency) add(heads.urgency, texts.urgency(texts.urgencies[urgency.severity], urgency.reason))
    const sure =
      cause?.confidence == null ? '' : inAside(texts.confidence(figures.share(cause.confidence)), notice.language)
    if (cause) add(heads.cause, `${cause.title}${sure}. ${cause.explanation}`)
    add(heads.check, firstCheck ?? '')
  }
  for (const remark of remarksOf(alert, notice, texts)) add(heads.remark, remark)
  if (alert.phase === 'firing' || alert.phase === 'passed') add(heads.note, alert.note, true)
  return {
    heading: clip(seen ? `${alert.name}${SPEECH[notice.language].colon}${seen}` : alert.name),
    facts,
    links: linksOf(alert, texts),
  }
}

function howMuch({ finding }: NoticeAlert, texts: AlertTexts, figures: Figures): string {
  const { unit, value, threshold, expected } = finding
  const observed = observedOf(finding)
  // a score alone says nothing to people
  if (observed !== null && expected !== null) {
    return texts.surge(figures.number(observed), figures.number(expected), figures.number(value))
  }
  const usual = expected === null || unit === 'score' ? null : figures.value(expected, unit)
  return texts.against(threshold === null ? null : figures.value(threshold, unit), usual)
}

function whereText({ where, labels }: NoticeAlert, texts: AlertTexts, language: Language): string {
  const dimensions = dimensionLabels(language)
  const named = new Set(where.filter((f) => !f.not && f.values.length === 1).map((f) => f.dimension))
  const group = Object.entries(labels)
    .filter(([name]) => isDimension(name) && !named.has(name))
    .map(([name, value]) => ({ dimension: name, values: [value], not: false }))
  const parts = [...group, ...where].map(({ dimension, values, not }) => {
    const said = valuesText(dimension, values, texts)
    const name = isDimension(dimension) ? dimensions[dimension].inText : dimension
    return `${name} ${not ? texts.not(said) : said}`
  })
  return parts.length === 0 ? texts.anywhere : parts.join(' · ')
}

function valuesText(dimension: string, values: readonly string[], texts: AlertTexts): string {
  const inWords = (value: string) =>
    dimension === 'source' ? (texts.sources[value as Source] ?? value) : clip(value, MOST_CHARACTERS)
  return values.slice(0, MOST_VALUES).map(inWords).join(texts.or) + (values.length > MOST_VALUES ? ' …' : '')
}

function remarksOf(alert: NoticeAlert, notice: Notice, texts: AlertTexts): string[] {
  const { remarks } = texts
  return [
    alert.phase === 'acknowledged' && alert.acknowledged
      ? [remarks.acknowledged(alert.acknowledged.by), alert.acknowledged.note].filter(Boolean).join(' ')
      : '',
    alert.phase === 'passed' ? remarks.passed : '',
    alert.reason !== null && alert.reason !== 'recovered' ? remarks.ended[alert.reason] : '',
    alert.flapping && alert.phase === 'firing' ? remarks.flapping : '',
    alert.noData && alert.phase === 'firing' ? remarks.noData : '',
    notice.reason === 'repeat' ? remarks.repeat : '',
  ].filter((remark) => remark !== '')
}

function linksOf(alert: NoticeAlert, texts: AlertTexts): Link[] {
  const { links, runbook, explanation } = alert
  return [
    ...(links.spike ? [{ text: texts.links.spike, url: links.spike }] : []),
    ...(links.alert ? [{ text: texts.links.alert, url: links.alert }] : []),
    ...(runbook ? [{ text: texts.links.runbook, url: runbook }] : []),
    ...(explanation?.cause?.url && alert.phase !== 'resolved'
      ? [
          {
            text: explanation.cause.title,
            url: explanation.cause.url,
          },
        ]
      : []),
  ].filter(({ url }) => /^https?:\/\//i.test(url))
}

/** One line of readable length: what a visitor sent must not shape a message. */
export function clip(text: string, most = MOST_CHARACTERS * 4): string {
  return clipLines(text.replace(/\s+/g, ' '), most)
}

/** The same for texts that people of the house wrote: their lines stay. */
function clipLines(text: string, most = MOST_CHARACTERS * 4): string {
  const clean = text.replace(UNPRINTABLE, ' ')
  return clean.length <= most ? clean : `${clean.slice(0, most - 1)}…`
}

/** Control characters, and those that turn the direction of writing. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu
