/** The values of one field within a block, by code; code 0 stands for absent. */
export class Coding {
  readonly texts: string[] = ['']
  /** text → code; made when first asked for, since most blocks never need it */
  private codes: Map<string, number> | undefined

  codeOf(value: string | number | boolean | null): number {
    if (value === null) return 0
    const text = String(value)
    this.codes ??= new Map(this.texts.map((known, code) => [known, code]))
    const known = this.codes.get(text)
    if (known !== undefined) return known
    this.codes.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }

  /** Of a text that has none yet. */
  codeOfNew(text: string): number {
    this.codes?.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }
}
