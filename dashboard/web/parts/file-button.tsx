import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { addFiles } from '../state/uploads.js'

/** Opens the browser's file chooser; the chosen files start uploading. */
export function FileButton(props: { class: string; name?: string; label?: string; children: ComponentChildren }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        class={props.class}
        data-needs="operate"
        data-opens={props.name}
        aria-label={props.label}
        title={props.label}
        onClick={() => input.current?.click()}
      >
        {props.children}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        accept=".ndjson,.jsonl,.json,.log,.txt,.csv,.tsv,.gz,.zst,.tar,.tgz,.zip,.parquet,application/x-ndjson,text/csv,application/gzip,application/zstd,application/zip"
        onChange={(e) => {
          addFiles([...(e.currentTarget.files ?? [])])
          e.currentTarget.value = ''
        }}
      />
    </>
  )
}
