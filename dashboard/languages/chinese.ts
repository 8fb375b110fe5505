/** A number or span before a Chinese word: 133 个请求, but 13.3万个请求, for between Chinese characters there is no space. */
export const led = (text: string): string => (/\p{Script=Han}$/u.test(text) ? text : `${text} `)
