/** What people wrote on the time line, and what is being written. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { AnnotationJson } from '../../../schema/api/annotations.js'
import { ask, useAnswer, type Answer } from './api.js'
import { turn } from './clock.js'
import { createStore, useStore } from './store.js'

export interface AnnotationsAnswer {
  annotations: AnnotationJson[]
  next: string | null
}

/** counts up with every change made on this page */
const acted = createStore(0)

/** Those that touch a range; null asks nothing. */
export function useAnnotations(range: { from: number; to: number } | null): Answer<AnnotationsAnswer> {
  const again = useStore(turn) + useStore(acted)
  const params =
    range && new URLSearchParams({ from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() })
  return useAnswer<AnnotationsAnswer>(params && `annotations?${params}`, { turn: again, subject: 'annotations' })
}

/** Those of the page's range: asked for once, drawn on every chart. */
export const AnnotationsContext = createContext<readonly AnnotationJson[]>([])
export const useDrawnAnnotations = (): readonly AnnotationJson[] => useContext(AnnotationsContext)

export type Annotating =
  { kind: 'new'; from: number; to: number | null; host: string } | { kind: 'old'; annotation: AnnotationJson }

/** What the dialog of annotations is about; null: it is closed. */
export const annotating = createStore<Annotating | null>(null)

export async function actOnAnnotation(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<void> {
  try {
    await ask(path, {
      method,
      ...(body === undefined
        ? {}
        : {
            body: JSON.stringify(body),
            headers: { 'accept': 'application/json', 'content-type': 'application/json' },
          }),
    })
  } finally {
    acted.set(acted.get() + 1)
  }
}

export const startOf = (one: AnnotationJson): number => Date.parse((one.at ?? one.from) as string)
/** Null: a moment. */
export const endOf = (one: AnnotationJson): number | null => (one.to === null ? null : Date.parse(one.to))
