/**
 * Adds a language to a copy of the sources as somebody would who begins: a line in the list, then, wherever a text has
 * one for each language, the English one until it is translated. Answers with the files that were touched.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { isMap, isPair, isScalar, parseDocument, visit, type Pair, type YAMLMap } from 'yaml'

const LISTED = 'schema/words/languages.ts'
const LINE = `  de: { own: 'Deutsch', locale: 'de-DE', page: 'de', gap: ' ', colon: ': ', aside: [' (', ')'], sentenceEnd: /\\.\\s/ },\n`

export function addLanguage(root: string, files: readonly string[]): string[] {
  return files.filter((file) => {
    const path = join(root, file)
    const before = readFileSync(path, 'utf8')
    const after =
      file === LISTED
        ? before.replace('} as const satisfies', `${LINE}} as const satisfies`)
        : file.endsWith('.yaml')
          ? inYaml(before)
          : /\.tsx?$/.test(file)
            ? inSource(file, before)
            : before
    if (after !== before) writeFileSync(path, after)
    return after !== before
  })
}

/** Every object with a member for each language gets one more, whose value is that of English. */
function inSource(file: string, text: string): string {
  const added: { at: number; text: string }[] = []
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (isObject(node)) {
      const [en, fr, zh] = ['en', 'fr', 'zh'].map((name) => node.properties.find((one) => one.key?.name === name))
      if (en && fr && zh) added.push({ at: en.start, text: `de: ${text.slice(en.value.start, en.value.end)},\n` })
    }
    for (const below of Object.values(node)) look(below)
  }
  look(parseSync(file, text).program)
  return added
    .sort((a, b) => b.at - a.at)
    .reduce((all, one) => all.slice(0, one.at) + one.text + all.slice(one.at), text)
}

interface ObjectNode {
  type: 'ObjectExpression'
  properties: { start: number; key?: { name?: string }; value: { start: number; end: number } }[]
}
const isObject = (node: object): node is ObjectNode => 'type' in node && node.type === 'ObjectExpression'

function inYaml(text: string): string {
  const document = parseDocument(text)
  let touched = false
  visit(document, {
    Map(_, node: YAMLMap) {
      const member = (name: string) =>
        node.items.find((one): one is Pair => isPair(one) && isScalar(one.key) && one.key.value === name)
      if (!isMap(node) || !member('fr') || !member('zh')) return
      const english = member('en')
      if (english) node.items.push(document.createPair('de', english.value))
      touched ||= english !== undefined
    },
  })
  return touched ? document.toString({ lineWidth: 0 }) : text
}
