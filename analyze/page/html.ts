/** Pieces of a page that needs nothing else: no script, no address but links, light and dark, for paper too. */
import { SPEECH, type Language } from '../../schema/words/languages.js'
import { harmless } from './figures.js'
import { STYLE } from './style.js'

const ENTITIES: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that somebody else chose, as content or as the value of an attribute in quotes. */
export const escape = (text: string) => harmless(text).replaceAll(/[&<>"']/g, (c) => ENTITIES[c])

/** What the page may do, for whoever serves it; the page says the same of itself. */
export const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** The whole page. `body` is markup. */
export function pageHtml({ title, lang, body }: { title: string; lang: Language; body: readonly string[] }): string {
  return `<!doctype html>
<html lang="${SPEECH[lang].page}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>${escape(title)}</title>
<style>${STYLE}</style></head><body><main>
${body.filter((part) => part !== '').join('\n')}
</main></body></html>
`
}

export const section = (title: string, content: string) =>
  content === '' ? '' : `<section><h2>${title}</h2>${content}</section>`

/** `none` is said where there is nothing. */
export function list(items: readonly string[], none = '', kind: 'ul' | 'ol' = 'ul'): string {
  if (items.length > 0) return `<${kind}>${items.map((item) => `<li>${item}</li>`).join('')}</${kind}>`
  return none === '' ? '' : `<p class="faint">${none}</p>`
}

/** Its first columns are text, as many as `texts`; the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], texts = 1): string {
  const kind = (i: number) => (i < texts ? '' : ' class="n"')
  const cells = (tag: string, row: readonly string[], own = '') =>
    row.map((cell, i) => `<${tag}${own}${kind(i)}>${cell}</${tag}>`).join('')
  return `<table><thead><tr>${cells('th', head, ' scope="col"')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells('td', row)}</tr>`)
    .join('')}</tbody></table>`
}

/** Characters that one of several columns has room for in a line. */
const NARROW = 26

/** A table beside others; one of long texts (user agents) has all of the width to itself, or each would be a tower of words. */
export function tableAside(head: readonly string[], rows: readonly (readonly string[])[], texts: readonly string[]) {
  const broad = texts.some((text) => text.length > NARROW)
  return `<div${broad ? ' class="broad"' : ''}>${table(head, rows)}</div>`
}

/** A link whose address is shown, so that it is of use on paper. */
export const link = (url: string) =>
  /^https?:\/\//.test(url) ? `<a href="${escape(url)}" rel="noreferrer">${escape(url)}</a>` : escape(url)
