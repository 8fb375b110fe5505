/** One box for whatever one has at hand: a Ray ID as visitors send it, an address, a network, a host, a path, a status. */
import { useEffect, useState } from 'preact/hooks'
import type { FoundValues } from '../../../schema/api/reports.js'
import type { Dimension } from '../../../schema/store/query.js'
import { useAnswer } from '../state/api.js'
import { useAsked } from '../state/asked.js'
import { only } from '../state/filters.js'
import { valuesPath } from '../state/questions.js'
import { change, currentView } from '../state/router.js'
import { LEAST_SEARCHED, placesOf, SEARCHED, type Place } from '../state/search.js'
import { searching } from '../state/searching.js'
import { Dialog } from './dialog.js'
import { Icon, type IconName } from './icon.js'
import { Middle } from './middle.js'
import { onArrows } from './popover.js'
import { valueText } from './value.js'
import { useWords } from './words.js'

/** After the last key, ms. */
const PAUSE = 200
const FEW = 5
/** Whoever looks for a client wants its requests. */
const SINGLE: readonly Dimension[] = ['clientIp']

function go(place: Place): void {
  searching.set(false)
  if (place.kind === 'record') return change({ page: { name: 'record', id: place.id } })
  if (place.kind === 'status') return change({ page: { name: 'status', id: place.id } })
  const { page, filters } = currentView()
  const wanted = only(filters, place.dimension, place.value, ...(place.also ?? []))
  const stays = page.name === 'overview' || page.name === 'records'
  change({
    page: SINGLE.includes(place.dimension) ? { name: 'records' } : stays ? page : { name: 'overview' },
    filters: wanted,
  })
}

export function SearchDialog() {
  const { w } = useWords()
  const [text, setText] = useState('')
  const named = placesOf(text)
  const found = useFound(text)
  const known = new Set(named.map((place) => JSON.stringify(place)))
  const places = [...named, ...found.places.filter((place) => !known.has(JSON.stringify(place)))]
  const needsMore = text.trim().length < LEAST_SEARCHED
  return (
    <Dialog title={w.search.title} class="search" onClose={() => searching.set(false)}>
      <div class="menu" role="search" onKeyDown={onArrows}>
        <div class="menu-search">
          <input
            type="search"
            autoFocus
            value={text}
            placeholder={w.search.hint}
            aria-label={w.search.hint}
            spellcheck={false}
            autocomplete="off"
            onInput={(e) => setText(e.currentTarget.value)}
            onKeyDown={(e) => {
              if (e.key === 'Enter' && places[0]) go(places[0])
            }}
          />
        </div>
        <p class="unseen" role="status">
          {text.trim() === '' || found.waiting ? '' : w.search.count(places.length)}
        </p>
        <div class="menu-list">
          {places.map((place) => (
            <Choice key={JSON.stringify(place)} place={place} />
          ))}
          {places.length === 0 && (
            <p class="menu-note">{needsMore ? w.search.examples : found.waiting ? w.search.looking : w.search.none}</p>
          )}
        </div>
      </div>
    </Dialog>
  )
}

function Choice({ place }: { place: Place }) {
  const speech = useWords()
  const { w } = speech
  const [icon, name, value]: [IconName, string, string] =
    place.kind === 'record'
      ? ['list', w.search.record, place.id]
      : place.kind === 'status'
        ? ['book', w.search.meaning, place.id]
        : ['filter', w.dimensions[place.dimension].one, valueText(place.dimension, place.value, speech)]
  return (
    <button type="button" data-item class="menu-item" onClick={() => go(place)}>
      <Icon name={icon} />
      <span class="faint">{name}</span>
      <span class="menu-value">
        <Middle text={value} />
      </span>
    </button>
  )
}

/** The values stored that contain the text, under no filter but the range. */
function useFound(text: string): { places: Place[]; waiting: boolean } {
  const asked = useAsked()
  const [late, setLate] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setLate(text.trim()), PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  const plain = asked && { ...asked, view: { ...asked.view, filters: [] } }
  const isAsked = plain !== null && late.length >= LEAST_SEARCHED
  // as many as there are dimensions, always in the same order
  const answers = SEARCHED.map((dimension) =>
    useAnswer<FoundValues>(isAsked ? valuesPath(plain, dimension, late, FEW) : null, {
      subject: `${dimension} ${late}`,
    }),
  )
  if (!isAsked) return { places: [], waiting: late !== text.trim() }
  return {
    places: answers.flatMap(({ data }, i) =>
      (data?.values ?? [])
        .filter(({ key }) => key !== '')
        .map(({ key }): Place => ({ kind: 'filter', dimension: SEARCHED[i], value: key })),
    ),
    waiting: late !== text.trim() || answers.some(({ loading }) => loading),
  }
}
