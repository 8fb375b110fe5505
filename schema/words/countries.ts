/** Codes that Cloudflare gives in the place of a country (developers.cloudflare.com/network/ip-geolocation): no list of names has them. */
import type { Language } from './languages.js'

const NO_COUNTRIES: { readonly [code: string]: { readonly [L in Language]: string } } = {
  T1: { en: 'Tor', fr: 'Tor', zh: 'Tor 网络' },
  XX: { en: 'Unknown', fr: 'Inconnu', zh: '未知' },
}

/** What such a code means; undefined: it is a country, or nobody knows. */
export const noCountryNamed = (code: string, lang: Language): string | undefined =>
  Object.hasOwn(NO_COUNTRIES, code) ? NO_COUNTRIES[code][lang] : undefined
