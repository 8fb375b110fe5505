/** A chart with its title, its legend, its choice of views and its table, in a frame of constant height. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.js'
import { onSideways } from '../parts/popover.js'
import { TakeMenu } from '../parts/take-menu.js'
import { useWords } from '../parts/words.js'
import type { Taking } from '../state/take.js'
import type { Picture } from './picture.js'

export interface PanelProps {
  title: string
  sub?: string
  controls?: ComponentChildren
  legend?: ComponentChildren
  height: number
  /** null: nothing to draw yet */
  chart: ComponentChildren | null
  table: (() => ComponentChildren) | null
  /** said instead of the chart */
  message?: string | null
  loading: boolean
  class?: string
  /** the figures to take along, and what stands around the chart as a picture */
  take?: (() => Taking) | null
  picture?: () => Picture
}

export function Panel(props: PanelProps) {
  const { w } = useWords()
  const [asTable, setAsTable] = useState(false)
  return (
    <section class={`panel-chart ${props.class ?? ''}`} aria-busy={props.loading}>
      <header>
        <h2>
          {props.title}
          {props.sub && <small> {props.sub}</small>}
        </h2>
        <div class="panel-tools">
          {props.controls}
          {props.take && <TakeMenu take={props.take} picture={props.picture} />}
          {props.table && (
            <button
              type="button"
              class="quiet square"
              aria-pressed={asTable}
              aria-label={asTable ? w.chart.asChart : w.chart.asTable}
              title={asTable ? w.chart.asChart : w.chart.asTable}
              onClick={() => setAsTable(!asTable)}
            >
              <Icon name={asTable ? 'chart' : 'table'} />
            </button>
          )}
        </div>
      </header>
      {props.legend && (
        <div class="legend" data-row onKeyDown={onSideways}>
          {props.legend}
        </div>
      )}
      <div class="panel-body" style={{ height: `${props.height}px` }}>
        {asTable && props.table ? (
          <div class="panel-table" tabIndex={0}>
            {props.table()}
          </div>
        ) : props.message ? (
          <p class="panel-message">{props.message}</p>
        ) : (
          (props.chart ?? <div class="skeleton columns" aria-hidden="true" />)
        )}
      </div>
    </section>
  )
}
