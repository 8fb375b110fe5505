import type { Values } from './meanings.js'

/** Numbers the values of one field within a block, in the order of their first use. */
export class Numbering {
  /** by code */
  readonly texts: string[] = ['']
  /** by code, the number of the value */
  private readonly owners: number[] = [0]
  /** Are the codes of all values so far noted? */
  private noted = true

  constructor(private readonly values: Values) {}

  /**
   * Gives the values of the used tokens their codes. `numbers[token * stride + offset]` is a token's value; `distinct`:
   * no two of them are the same and none is absent. Returns the way from the scanner's numbers to codes, unless they are the same.
   */
  number(used: Uint32Array, numbers: readonly number[], stride: number, offset: number, distinct: boolean): Uint16Array | undefined {
    const { texts, owners } = this
    const known = this.values.texts
    if (distinct) {
      for (let i = 0; i < used.length; i++) {
        const value = numbers[used[i]]
        owners.push(value)
        texts.push(known[value])
      }
      this.noted = used.length === 0
      return undefined
    }
    const map = new Uint16Array(used.length + 1)
    let same = true
    for (let i = 0; i < used.length; i++) {
      const code = this.codeOfValue(numbers[used[i] * stride + offset])
      map[i + 1] = code
      if (code !== i + 1) same = false
    }
    return same ? undefined : map
  }

  /** Of any other value, after the tokens'. */
  codeOf(value: string | number | boolean | null): number {
    if (!this.noted) this.owners.forEach((owner, code) => { this.values.codes[owner] = code })
    this.noted = true
    return this.codeOfValue(this.values.numberOf(value))
  }

  private codeOfValue(value: number): number {
    if (value === 0) return 0
    const { codes, texts } = this.values
    // what stands there may be of an older block: only what the owners confirm counts
    const known = codes[value]
    if (this.owners[known] === value) return known
    const code = this.texts.length
    codes[value] = code
    this.owners.push(value)
    this.texts.push(texts[value])
    return code
  }
}
