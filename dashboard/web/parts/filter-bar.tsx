import { useState } from 'preact/hooks'
import type { Dimension } from '../../../schema/store/query.js'
import { without } from '../state/filters.js'
import { change, useView } from '../state/router.js'
import type { UrlFilter } from '../state/url.js'
import { Bell } from './alerts/bell.js'
import { Dialog } from './dialog.js'
import { FilterMenu, ValueMenu } from './filter-menu.js'
import { Icon } from './icon.js'
import { Middle } from './middle.js'
import { Popover } from './popover.js'
import { valueText } from './value.js'
import { useWords } from './words.js'

/** Zone and host are asked for so often that they have a button of their own. */
const PINNED: readonly Dimension[] = ['zone', 'host']

function Pinned({ dimension }: { dimension: 'zone' | 'host' }) {
  const { w } = useWords()
  const values = useView().filters.find((f) => f.dimension === dimension && !f.not)?.values ?? []
  const all = dimension === 'zone' ? w.filter.allZones : w.filter.allHosts
  const text =
    values.length === 0
      ? all
      : values.length === 1
        ? values[0] || w.filter.none
        : `${values[0] || w.filter.none} +${values.length - 1}`
  return (
    <Popover
      class={values.length > 0 ? 'pinned set' : 'pinned'}
      title={w.dimensions[dimension].one}
      button={
        <>
          <span class="control-text">
            <Middle text={text} />
          </span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => <ValueMenu dimension={dimension} onDone={close} />}
    </Popover>
  )
}

function Chip({ filter }: { filter: UrlFilter }) {
  const speech = useWords()
  const { w } = speech
  const { filters } = useView()
  const name = w.dimensions[filter.dimension].one
  const verb = filter.not ? w.filter.isNot : w.filter.is
  const values = filter.values.map((v) => valueText(filter.dimension, v, speech)).join(` ${w.filter.or} `)
  const text = `${name} ${verb} ${values}`
  return (
    <span class={filter.not ? 'chip not' : 'chip'}>
      <Popover
        class="chip-body"
        title={text}
        button={
          <>
            <span class="chip-name">
              {name} {verb}
            </span>
            <span class="chip-value">
              <Middle text={values} />
            </span>
          </>
        }
      >
        {(close) => <ValueMenu dimension={filter.dimension} onDone={close} />}
      </Popover>
      <button
        type="button"
        class="chip-remove"
        aria-label={w.filter.remove(text)}
        title={w.filter.remove(text)}
        onClick={() => change({ filters: without(filters, filter.dimension, filter.not) })}
      >
        <Icon name="close" />
      </button>
    </span>
  )
}

/** What is filtered by, and the ways to filter by more. */
export function FilterBar() {
  const { w } = useWords()
  const { filters } = useView()
  const chips = filters.filter((f) => f.not || !PINNED.includes(f.dimension))
  return (
    <div class="filter-bar" role="group" aria-label={w.filter.label}>
      <Pinned dimension="zone" />
      <Pinned dimension="host" />
      {chips.map((f) => (
        <Chip key={`${f.dimension}${f.not}`} filter={f} />
      ))}
      <Popover
        class="add-filter"
        name="filter"
        button={
          <>
            <Icon name="plus" />
            <span>{w.filter.add}</span>
          </>
        }
      >
        {(close) => <FilterMenu onDone={close} />}
      </Popover>
      {filters.length > 0 && (
        <button type="button" class="quiet" onClick={() => change({ filters: [] })}>
          {w.filter.clear}
        </button>
      )}
      {filters.length > 0 && <Bell filters={filters} of={w.take.view} />}
    </div>
  )
}

/** The same on a narrow screen: a button that opens a sheet. */
export function FilterSheet() {
  const { w, f } = useWords()
  const [open, setOpen] = useState(false)
  const count = useView().filters.length
  return (
    <div class="filter-sheet">
      <button
        type="button"
        class={count > 0 ? 'control set' : 'control'}
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
      >
        <Icon name="filter" />
        {w.filter.label}
        {count > 0 && <span class="badge">{f.count(count)}</span>}
      </button>
      {open && (
        <Dialog title={w.filter.label} class="sheet" onClose={() => setOpen(false)}>
          <FilterBar />
        </Dialog>
      )}
    </div>
  )
}
