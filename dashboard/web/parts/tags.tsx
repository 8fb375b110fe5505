/** How a status, a class and a source look, everywhere the same. */
import type { Source } from '../../../schema/words/sources.js'
import { patternOf } from '../charts/palette.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import { linkTo } from '../state/router.js'
import { statusesAbsent } from '../state/features.js'
import { useStore } from '../state/store.js'
import { useWords } from './words.js'

export const isSource = (key: string, sources: { [S in Source]: unknown }): key is Source => Object.hasOwn(sources, key)

/** The colour and pattern of a class or a source, as in the charts. */
export function Swatch({ token, strong = false }: { token: string; strong?: boolean }) {
  return <i class={`swatch ${patternOf(token)} ${token} ${strong ? 'strong' : ''}`} aria-hidden="true" />
}

/** A status code in the colour of its class; a door to what it means. `side`: its row has another stop for the Tab key. */
export function StatusTag({
  status,
  link = true,
  side = false,
}: {
  status: number | string
  link?: boolean
  side?: boolean
}) {
  const { w } = useWords()
  const absent = useStore(statusesAbsent)
  const code = String(status)
  const body = (
    <>
      <Swatch token={`class-${statusClassOf(Number(status))}`} />
      {code}
    </>
  )
  if (!link || absent) return <span class="status-tag">{body}</span>
  return (
    <a
      class="status-tag"
      {...(side ? { 'data-side': true, 'tabIndex': -1 } : {})}
      href={linkTo({ name: 'status', id: code })}
      title={w.table.openStatus(code)}
    >
      {body}
    </a>
  )
}

export function SourceTag({ source }: { source: string }) {
  const { w } = useWords()
  if (!isSource(source, w.sources)) return <span>{source}</span>
  const words = w.sources[source]
  return (
    <span class="source-tag" title={words.meaning}>
      <Swatch token={`source-${source}`} />
      {words.name}
    </span>
  )
}
