/** How a value of a dimension is shown. */
import { valueLabel, type Dimension } from '../../../schema/words/dimensions.js'
import { STATUS_CLASSES, type StatusClass } from '../../../schema/status/status-class.js'
import { readablePath, visible } from '../../../schema/words/visible.js'
import { Middle } from './middle.js'
import { isSource, SourceTag, StatusTag, Swatch } from './tags.js'
import { useWords, type Speech } from './words.js'

const isClass = (key: string): key is StatusClass => (STATUS_CLASSES as readonly string[]).includes(key)

/** The value as text: for chips, titles and what is read aloud. */
export function valueText(dimension: Dimension, key: string, { w, f }: Speech): string {
  if (key === '') return w.filter.none
  switch (dimension) {
    case 'class':
      return isClass(key) ? (key === 'other' ? w.classes.other : key) : key
    case 'source':
      return isSource(key, w.sources) ? w.sources[key].name : key
    case 'country':
      return f.country(key)
    case 'asn':
      return `AS${key}`
    case 'path':
      return readablePath(key)
    default:
      return valueLabel(dimension, key, f.lang) ?? visible(key)
  }
}

/** The value as a cell of a table. Status codes are doors to their page only where `door` says so. */
export function Value({
  dimension,
  value,
  door = false,
  note = '',
}: {
  dimension: Dimension
  value: string
  door?: boolean
  note?: string
}) {
  const speech = useWords()
  if (value === '') return <span class="faint">{speech.w.table.absent}</span>
  switch (dimension) {
    case 'status':
      return (
        <span>
          <StatusTag status={value} link={door} />
          {note && <span class="faint note"> {note}</span>}
        </span>
      )
    case 'originStatus':
      return value === '0' ? <span title={speech.w.record.zero}>0</span> : <StatusTag status={value} link={door} />
    case 'class':
      return (
        <span class="source-tag">
          <Swatch token={`class-${value}`} />
          {valueText('class', value, speech)}
          <span class="faint">{isClass(value) && value !== 'other' ? speech.w.classes[value] : ''}</span>
        </span>
      )
    case 'source':
      return <SourceTag source={value} />
    case 'country':
      return (
        <span>
          <span class="code">{value}</span> {speech.f.country(value)}
        </span>
      )
    case 'asn':
      return <span>{`AS${value}`}</span>
    case 'securityRuleId':
      // the hash is what one looks a rule up by, its description what it is
      return note ? (
        <span class="rule-value" title={`${visible(note)} (${visible(value)})`}>
          <Middle text={note} /> <span class="code">{visible(value.slice(0, 8))}</span>
        </span>
      ) : (
        <Middle text={value} />
      )
    case 'path':
      return <Middle text={readablePath(value)} title={visible(value)} />
    case 'host':
      return <Middle text={visible(value)} tail={28} />
    case 'userAgent':
      return <Middle text={value} tail={24} />
    default:
      return <Middle text={valueText(dimension, value, speech)} />
  }
}
