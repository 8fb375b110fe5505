import { fields } from './fields.js'
import type { Field } from './fields.js'
import type { Output } from './output.js'
import type { EdgeRequest } from './request.js'

/**
 * How `EdgeStartTimestamp` and `EdgeEndTimestamp` are written; `unix` and `rfc3339` cut to seconds, as Logpush does.
 */
export type TimestampFormat = 'unixnano' | 'unix' | 'rfc3339'

type Step = (out: Output, request: EdgeRequest) => void
type Entity = { readonly index: number }
type Part = 'constant' | 'outcome' | 'agent' | 'network' | 'route'
type Piece = (entity: Entity) => string

/**
 * Compiles a list of fields into the steps that write one line. Neighbouring fields of the same part become one
 * fragment, rendered once per outcome, agent, network or route; the keys of varying fields go into the fragment
 * before them.
 */
export function compileLine(names: readonly string[], timestamps: TimestampFormat): Step {
  const steps: Step[] = []
  const seconds = secondsCache(timestamps)
  let part: Part = 'constant'
  let pieces: Piece[] = []

  const close = (): void => {
    if (pieces.length > 0) steps.push(fragmentStep(part, pieces))
    part = 'constant'
    pieces = []
  }
  const literal = (text: string): void => {
    pieces.push(() => text)
  }

  names.forEach((name, i) => {
    const field: Field = fields[name]
    literal(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`)
    switch (field.part) {
      case 'constant':
        literal(field.json)
        return
      case 'line':
        if (field.quoted) literal('"')
        close()
        steps.push(field.write)
        if (field.quoted) literal('"')
        return
      case 'time':
        if (timestamps === 'rfc3339') literal('"')
        close()
        steps.push(timeStep(field.of, timestamps, seconds))
        if (timestamps === 'rfc3339') literal('"')
        return
      default: {
        if (part !== 'constant' && part !== field.part) {
          // The key just added belongs to the new fragment.
          const key = pieces.pop() as Piece
          close()
          pieces.push(key)
        }
        part = field.part
        pieces.push(field.json as Piece)
      }
    }
  })
  literal('}\n')
  close()
  return (out, request) => {
    for (let i = 0; i < steps.length; i += 1) steps[i](out, request)
  }
}

function fragmentStep(part: Part, pieces: readonly Piece[]): Step {
  const render = (entity: Entity): Uint8Array => Buffer.from(pieces.map((piece) => piece(entity)).join(''))
  if (part === 'constant') {
    const bytes = render({ index: 0 })
    return (out) => out.put(bytes)
  }
  // Filled in advance so that the array stays dense however late an index first appears.
  const rendered = Array.from({ length: 4096 }, (): Uint8Array | null => null)
  const of = (entity: Entity): Uint8Array => (rendered[entity.index] ??= render(entity))
  switch (part) {
    case 'outcome':
      return (out, request) => out.put(of(request.outcome))
    case 'agent':
      return (out, request) => out.put(of(request.agent))
    case 'network':
      return (out, request) => out.put(of(request.network))
    case 'route':
      return (out, request) => out.put(of(request.route))
  }
}

const sixZeros = Buffer.from('000000')

function timeStep(
  of: (request: EdgeRequest) => number,
  format: TimestampFormat,
  seconds: (second: number) => Uint8Array,
): Step {
  if (format !== 'unixnano') return (out, request) => out.put(seconds(Math.floor(of(request) / 1000)))
  // Nanoseconds do not fit a double: seconds, milliseconds and zeros are written as digits one after the other.
  return (out, request) => {
    const ms = of(request)
    const second = Math.floor(ms / 1000)
    out.put(seconds(second))
    out.threeDigits(ms - second * 1000)
    out.put(sixZeros)
  }
}

/** The text of a second; neighbouring lines share it, so the last sixteen are kept. */
function secondsCache(format: TimestampFormat): (second: number) => Uint8Array {
  const kept: Uint8Array[] = []
  const keptSecond = Array.from({ length: 16 }, () => -1)
  return (second) => {
    const place = second & 15
    if (keptSecond[place] !== second) {
      keptSecond[place] = second
      kept[place] = Buffer.from(
        format === 'rfc3339' ? `${new Date(second * 1000).toISOString().slice(0, 19)}Z` : String(second),
      )
    }
    return kept[place]
  }
}
