/** The range of time, its neighbours, and the zone in which times are shown. */
import { useState } from 'preact/hooks'
import { useAsked } from '../state/asked.js'
import { fromWall, toWall } from '../state/wall.js'
import { remember, storedZone } from '../state/prefs.js'
import { spanParts } from '../state/format.js'
import { PRESETS, shifted, widened } from '../state/range.js'
import { change, useView } from '../state/router.js'
import { parseDuration, type Range } from '../state/url.js'
import { CompareChoices } from './compare-picker.js'
import { Icon } from './icon.js'
import { onArrows, Popover } from './popover.js'
import { useWords, type Speech } from './words.js'

/** What a range is called: "Last 24 hours", "All data", "20 Nov, 14:00–15:00". */
function lastRange(ms: number, { w, f }: Speech): string {
  const { unit, n } = spanParts(ms)
  return w.range.last(f.span(ms), unit, n)
}

export function rangeText(range: Range, span: { moving: boolean } | null, speech: Speech): string {
  const { w, f } = speech
  if (range.kind === 'last') return lastRange(range.ms, speech)
  if (range.kind === 'all') return w.range.all
  if (range.kind === 'span') return f.interval(range.from, range.to)
  return span && !span.moving ? w.range.all : lastRange(86_400_000, speech)
}

const isEverything = (range: Range, span: { moving: boolean }): boolean =>
  range.kind === 'all' || (range.kind === 'auto' && !span.moving)

function CustomRange({ onDone }: { onDone: () => void }) {
  const { w, f } = useWords()
  const asked = useAsked()
  const now = Date.now()
  const [from, setFrom] = useState(toWall(asked?.span.from ?? now - 3_600_000, f.zone))
  const [to, setTo] = useState(toWall(asked?.span.to ?? now, f.zone))
  const start = fromWall(from, f.zone)
  const end = fromWall(to, f.zone)
  const valid = start < end
  return (
    <form
      class="custom-range"
      onSubmit={(e) => {
        e.preventDefault()
        if (!valid) return
        change({ range: { kind: 'span', from: start, to: end } })
        onDone()
      }}
    >
      <h3>
        {w.range.custom} <span class="faint">{f.zoneName(now)}</span>
      </h3>
      <label>
        {w.range.from}
        <input type="datetime-local" value={from} onInput={(e) => setFrom(e.currentTarget.value)} required />
      </label>
      <label>
        {w.range.to}
        <input
          type="datetime-local"
          value={to}
          onInput={(e) => setTo(e.currentTarget.value)}
          required
          aria-invalid={!valid}
        />
      </label>
      {!valid && (
        <p class="field-problem" role="alert">
          {w.range.invalid}
        </p>
      )}
      <button type="submit" class="primary" disabled={!valid}>
        {w.range.apply}
      </button>
    </form>
  )
}

export function RangePicker() {
  const speech = useWords()
  const { w } = speech
  const view = useView()
  const asked = useAsked()
  const choose = (range: Range, close: () => void): void => {
    change({ range })
    close()
  }
  const isNow = (ms: number): boolean =>
    view.range.kind === 'last'
      ? view.range.ms === ms
      : view.range.kind === 'auto' && ms === 86_400_000 && (asked?.span.moving ?? false)
  // "all data" alone does not say of when
  const dates = asked && isEverything(view.range, asked.span) ? speech.f.interval(asked.span.from, asked.span.to) : null
  return (
    <div class="range-picker">
      {asked && (
        <button
          type="button"
          class="control square step"
          aria-label={w.range.earlier}
          title={w.range.earlier}
          onClick={() => change({ range: shifted(asked.span, -1) })}
        >
          <Icon name="left" />
        </button>
      )}
      <Popover
        class="range"
        align="right"
        name="range"
        label={[`${w.range.label}: ${rangeText(view.range, asked?.span ?? null, speech)}`, dates]
          .filter(Boolean)
          .join(' ')}
        button={
          <>
            <Icon name="clock" />
            <span class="control-text">
              {rangeText(view.range, asked?.span ?? null, speech)}
              {dates && <span class="range-dates"> {dates}</span>}
            </span>
            <Icon name="down" />
          </>
        }
      >
        {(close) => (
          <div class="range-menu">
            <div class="menu-list" onKeyDown={onArrows}>
              {PRESETS.map((p) => {
                const ms = parseDuration(p) ?? 0
                return (
                  <button
                    key={p}
                    type="button"
                    data-item
                    class="menu-item"
                    aria-current={isNow(ms)}
                    onClick={() => choose({ kind: 'last', ms }, close)}
                  >
                    {lastRange(ms, speech)}
                  </button>
                )
              })}
              <button
                type="button"
                data-item
                class="menu-item"
                aria-current={view.range.kind === 'all'}
                onClick={() => choose({ kind: 'all' }, close)}
              >
                {w.range.all}
              </button>
            </div>
            <div>
              <div class="range-narrow">
                <button
                  type="button"
                  class="control"
                  onClick={() => {
                    if (asked) change({ range: widened(asked.span, Date.now()) })
                    close()
                  }}
                >
                  <Icon name="out" />
                  {w.range.zoomOut}
                </button>
                <ZoneField />
              </div>
              <CustomRange onDone={close} />
              {view.page.name === 'overview' && (
                <div class="range-narrow">
                  <CompareChoices onDone={close} />
                </div>
              )}
            </div>
          </div>
        )}
      </Popover>
      {asked && (
        <>
          <button
            type="button"
            class="control square step"
            aria-label={w.range.later}
            title={w.range.later}
            disabled={asked.span.moving}
            onClick={() => change({ range: shifted(asked.span, 1) })}
          >
            <Icon name="right" />
          </button>
          <button
            type="button"
            class="control square step"
            aria-label={w.range.zoomOut}
            title={w.range.zoomOut}
            onClick={() => change({ range: widened(asked.span, Date.now()) })}
          >
            <Icon name="out" />
          </button>
        </>
      )}
    </div>
  )
}

/** The zone chosen, and how to choose another. */
function useZone() {
  const view = useView()
  return {
    choice: view.tz ?? storedZone() ?? 'UTC',
    set(tz: string): void {
      remember('tz', tz)
      change({ tz }, 'replace')
    },
  }
}

/** All zones in one field, for where there is no room for a button of its own. */
function ZoneField() {
  const { w } = useWords()
  const { choice, set } = useZone()
  const zones = Intl.supportedValuesOf('timeZone').filter((z) => z !== 'UTC')
  return (
    <label class="menu-field">
      {w.range.zone}
      <select value={choice} onChange={(e) => set(e.currentTarget.value)}>
        <option value="UTC">UTC</option>
        <option value="local">{w.range.local}</option>
        {zones.map((z) => (
          <option key={z} value={z}>
            {z.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </label>
  )
}

export function ZonePicker() {
  const { w, f } = useWords()
  const { choice, set } = useZone()
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <Popover
      class="zone"
      align="right"
      title={w.range.zone}
      button={
        <>
          <span class="control-text">{f.zoneName(Date.now())}</span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <div class="menu" onKeyDown={onArrows}>
          <div class="menu-list">
            <button
              type="button"
              data-item
              class="menu-item"
              aria-current={choice === 'UTC'}
              onClick={() => {
                set('UTC')
                close()
              }}
            >
              UTC
            </button>
            <button
              type="button"
              data-item
              class="menu-item"
              aria-current={choice === 'local'}
              onClick={() => {
                set('local')
                close()
              }}
            >
              {w.range.local}
            </button>
          </div>
          <label class="menu-field">
            {w.range.otherZone}
            <select
              value={zones.includes(choice) ? choice : ''}
              onChange={(e) => {
                if (e.currentTarget.value) {
                  set(e.currentTarget.value)
                  close()
                }
              }}
            >
              <option value="">–</option>
              {zones.map((z) => (
                <option key={z} value={z}>
                  {z.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
    </Popover>
  )
}
