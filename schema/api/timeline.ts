/** A frozen incident as one line of time: what was written, when it began, who was told, who took it on, when it ended. Pure. */
import type { IncidentJson } from './incidents.js'

export const TIMELINE_KINDS = [
  'written',
  'began',
  'first',
  'detected',
  'fired',
  'told',
  'acknowledged',
  'resolved',
  'ended',
  'frozen',
] as const
export type TimelineKind = (typeof TIMELINE_KINDS)[number]

export interface TimelineEvent {
  /** ISO 8601 */
  at: string
  kind: TimelineKind
  /** what it is about: an annotation's text, a rule, a RayID */
  text: string
  /** who did it, or was told */
  who: string | null
  note: string
  url: string | null
}

type About = Pick<IncidentJson, 'from' | 'to' | 'author' | 'createdAt' | 'frozen'>

/** Earliest first; at the same time what explains comes before what is explained. */
export function timelineOf({ from, to, author, createdAt, frozen }: About): TimelineEvent[] {
  const event = (at: string, kind: TimelineKind, own: Partial<TimelineEvent> = {}): TimelineEvent => ({
    at,
    kind,
    text: '',
    who: null,
    note: '',
    url: null,
    ...own,
  })
  const first = frozen.records.reduce<string | null>(
    (least, { time }) => (least === null || time < least ? time : least),
    null,
  )
  const detected = frozen.selection.spike === null ? null : (frozen.explained?.en.detectedAt ?? null)
  const events = [
    ...frozen.annotations.map((one) =>
      event((one.at ?? one.from) as string, 'written', { text: one.text, who: one.author, url: one.url }),
    ),
    event(from, 'began'),
    ...(first === null ? [] : [event(first, 'first')]),
    ...(detected === null ? [] : [event(detected, 'detected')]),
    ...frozen.alerts.flatMap((alert) => [
      event(alert.firedAt, 'fired', { text: alert.name }),
      ...alert.notified.map(({ notifier, at }) => event(at, 'told', { text: alert.name, who: notifier })),
      ...(alert.acknowledged === null
        ? []
        : [
            event(alert.acknowledged.at, 'acknowledged', {
              text: alert.name,
              who: alert.acknowledged.by,
              note: alert.acknowledged.note,
            }),
          ]),
      ...(alert.resolvedAt === null ? [] : [event(alert.resolvedAt, 'resolved', { text: alert.name })]),
    ]),
    event(to, 'ended'),
    event(createdAt, 'frozen', { who: author }),
  ]
  const rank = ({ kind }: TimelineEvent): number => TIMELINE_KINDS.indexOf(kind)
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || rank(a) - rank(b))
}
