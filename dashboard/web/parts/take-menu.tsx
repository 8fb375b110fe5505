/** What one sees as a file: CSV, JSON, and of a chart a picture. */
import { useRef } from 'preact/hooks'
import { pictureOf, type Picture } from '../charts/picture.js'
import { csvOf, fileName, giveFile, jsonOf, type Taking } from '../state/take.js'
import { Icon } from './icon.js'
import { onArrows, Popover } from './popover.js'
import { useWords } from './words.js'

export interface TakeMenuProps {
  take: () => Taking
  /** of a chart: what stands around it in a picture; it is the one in the same panel */
  picture?: () => Picture
}

export function TakeMenu({ take, picture }: TakeMenuProps) {
  const { w } = useWords()
  const root = useRef<HTMLSpanElement>(null)
  const give = (ending: 'csv' | 'json'): void => {
    const taking = take()
    const [text, type] = ending === 'csv' ? [csvOf(taking), 'text/csv'] : [jsonOf(taking), 'application/json']
    giveFile(fileName(taking.title, ending), new Blob([text], { type }))
  }
  const givePicture = async (): Promise<void> => {
    const chart = root.current?.closest('.panel-chart')?.querySelector('canvas')
    const image = chart && picture ? await pictureOf(chart, picture()) : null
    if (image) giveFile(fileName(take().title, 'png'), image)
  }
  return (
    <span ref={root} class="take">
      <Popover align="right" label={w.take.label} title={w.take.label} quiet button={<Icon name="download" />}>
        {(close) => (
          <div class="menu-list" onKeyDown={onArrows}>
            {(['csv', 'json'] as const).map((ending) => (
              <button
                key={ending}
                type="button"
                data-item
                class="menu-item"
                onClick={() => {
                  give(ending)
                  close()
                }}
              >
                {ending.toUpperCase()}
              </button>
            ))}
            {picture && root.current?.closest('.panel-chart')?.querySelector('canvas') && (
              <button
                type="button"
                data-item
                class="menu-item"
                onClick={() => {
                  void givePicture()
                  close()
                }}
              >
                {'png'.toUpperCase()}
              </button>
            )}
          </div>
        )}
      </Popover>
    </span>
  )
}
