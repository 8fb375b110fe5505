/** What one sees as a file: CSV, JSON, and a picture. */
import { useRef } from 'preact/hooks'
import { pictureOf, type Picture } from '../charts/picture.js'
import { tablePictureOf } from '../charts/table-picture.js'
import { csvOf, fileName, giveFile, jsonOf, type Taking } from '../state/take.js'
import { Icon } from './icon.js'
import { onArrows, Popover } from './popover.js'
import { useWords } from './words.js'

const AROUND = '.taken, section, main'

export interface TakeMenuProps {
  take: () => Taking
  /** of a chart: what stands around it in a picture; chart or table is the one of the same `taken` part, section or page */
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
    const section = root.current?.closest(AROUND)
    const chart = section?.querySelector('canvas')
    const table = section?.querySelector('table')
    const { title } = take()
    const image = chart && picture ? pictureOf(chart, picture()) : table ? tablePictureOf(table, title) : null
    const png = await image
    if (png) giveFile(fileName(title, 'png'), png)
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
            {root.current?.closest(AROUND)?.querySelector('canvas, table') && (
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
