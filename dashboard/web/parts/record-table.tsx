/** Requests one a line. */
import type { RecordJson } from '../../../schema/words/record.js'
import { readablePath, visible } from '../../../schema/words/visible.js'
import { change, linkTo } from '../state/router.js'
import { Middle } from './middle.js'
import { onArrows } from './popover.js'
import { takingOf, type Taking } from '../state/take.js'
import { SourceTag, StatusTag } from './tags.js'
import { TakeMenu } from './take-menu.js'
import { useWords } from './words.js'

export function RecordTable({
  records,
  busy = false,
  rows = 12,
  none,
}: {
  records: readonly RecordJson[] | null
  busy?: boolean
  rows?: number
  /** said where there are none */
  none?: string
}) {
  const { w, f } = useWords()
  const page = (r: RecordJson) => ({ name: 'record' as const, id: r.rayId ?? '' })
  const days = records !== null && records.some((r) => f.date(Date.parse(r.time)) !== f.date(Date.now()))
  return (
    <div class="scroll-x">
      <table class="records" aria-busy={busy} onKeyDown={onArrows}>
        <caption class="unseen">{w.records.title}</caption>
        <thead>
          <tr>
            <th scope="col">{w.records.time}</th>
            <th scope="col">{w.records.status}</th>
            <th scope="col">{w.records.source}</th>
            <th scope="col">{w.records.request}</th>
            <th scope="col">{w.records.client}</th>
            <th scope="col" class="number">
              {w.records.ttfb}
            </th>
            <th scope="col">{w.records.ray}</th>
          </tr>
        </thead>
        <tbody>
          {records === null &&
            Array.from({ length: rows }, (_, i) => (
              <tr key={i} class="waiting">
                <td colSpan={7}>
                  <i class="skeleton" />
                </td>
              </tr>
            ))}
          {records?.length === 0 && (
            <tr class="none">
              <td colSpan={7}>{none ?? w.table.empty}</td>
            </tr>
          )}
          {records?.map((r, i) => {
            const t = Date.parse(r.time)
            return (
              <tr
                key={`${r.rayId}${r.time}${i}`}
                class="door"
                onClick={(e) => {
                  if (r.rayId && !(e.target instanceof Element && e.target.closest('a, button')))
                    change({ page: page(r) })
                }}
              >
                <td class="time" title={f.full(t)}>
                  {days && <span class="faint">{f.day(t)} </span>}
                  {f.clockMs(t)}
                </td>
                <td>
                  <StatusTag status={r.edgeResponseStatus} side={r.rayId !== null} />
                </td>
                <td>
                  <SourceTag source={r.source} />
                </td>
                <td class="request">
                  <span class="method">{r.method ?? ''}</span>
                  <Middle
                    text={`${r.host ?? ''}${readablePath(r.path ?? '')}`}
                    title={visible(`${r.host ?? ''}${r.path ?? ''}`)}
                    tail={20}
                  />
                </td>
                <td
                  class="client"
                  title={[r.country && f.country(r.country), r.asn && `AS${r.asn}`, r.userAgent]
                    .filter(Boolean)
                    .map((part) => visible(String(part)))
                    .join(' · ')}
                >
                  <span class="code">{r.country ?? ''}</span> {r.clientIp ?? ''}
                </td>
                <td class="number">
                  {r.edgeTimeToFirstByteMs === null ? <span class="faint">–</span> : f.millis(r.edgeTimeToFirstByteMs)}
                </td>
                <td class="ray">
                  {r.rayId ? (
                    <a data-item href={linkTo(page(r))} aria-label={w.records.open(r.rayId)}>
                      {r.rayId}
                    </a>
                  ) : (
                    <span class="faint">–</span>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** Every field that they have, as the API gives it. */
export const takingOfRecords = (title: string, records: readonly RecordJson[]): Taking =>
  takingOf(title, records, ...(Object.keys(records[0] ?? {}) as (keyof RecordJson)[]))

/** The first requests of a spike, a window or an incident; `all` leads to every one of them, where they may still be there. */
export function FirstRecords({ records, all }: { records: readonly RecordJson[]; all?: string }) {
  const { w } = useWords()
  return (
    <section>
      <header class="section-head">
        <h2>{w.spike.first}</h2>
        {all !== undefined && <a href={all}>{w.spike.allRequests}</a>}
        <TakeMenu take={() => takingOfRecords(w.spike.first, records)} />
      </header>
      <RecordTable records={records} />
    </section>
  )
}
