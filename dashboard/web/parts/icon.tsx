/** Line icons of 16 px, drawn in the colour of the text. */
const PATHS = {
  plus: 'M8 3v10M3 8h10',
  key: 'M10.5 2.5a3 3 0 100 6 3 3 0 000-6zM8.3 7.7L3 13M5 11l1.7 1.7M3.5 12.5l1.2 1.2',
  close: 'M4 4l8 8M12 4l-8 8',
  down: 'M4 6l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  right: 'M6 3.5L10.5 8 6 12.5',
  out: 'M7 3.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM9.6 9.6L13 13M5.4 7h3.2',
  search: 'M7 3a4 4 0 100 8 4 4 0 000-8zM10 10l3.5 3.5',
  upload: 'M8 10.5V3M4.8 6L8 2.8 11.2 6M3 10.5v2.7h10v-2.7',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 6.5v6',
  chart: 'M3 13V8M6.3 13V4M9.7 13V9.5M13 13V6',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  sun: 'M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13 9.4A5.4 5.4 0 016.6 3 5.4 5.4 0 1013 9.4z',
  half: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 2.5v11M8 4.5h3.9M8 7h5.3M8 9.5h5.2M8 12h3',
  globe: 'M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM2.4 8h11.2M8 2.2c-4 3.6-4 8 0 11.6M8 2.2c4 3.6 4 8 0 11.6',
  clock: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 5v3.2l2 1.3',
  link: 'M6.7 9.3a2.4 2.4 0 003.4 0l2.1-2.1a2.4 2.4 0 10-3.4-3.4l-.6.6M9.3 6.7a2.4 2.4 0 00-3.4 0L3.8 8.8a2.4 2.4 0 103.4 3.4l.6-.6',
  external: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3L7.5 8.5',
  info: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 7.3v3.4M8 5.2v.2',
  keyboard: 'M2 4.5h12v7H2zM4.5 7h.1M7 7h.1M9.5 7h.1M12 7h-.1M5 9.3h6',
  check: 'M3.5 8.5l3 3 6-7',
  retry: 'M13 8a5 5 0 11-1.6-3.7M13 2.5v3h-3',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5',
  download: 'M8 2.5V10M4.8 7L8 10.2 11.2 7M3 10.8v2.4h10v-2.4',
  overview: 'M2.5 12.5l3.3-4 2.4 2 5.3-6.5M2.5 3v10.5h11',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1',
  box: 'M2.5 5L8 2.5 13.5 5v6L8 13.5 2.5 11zM2.5 5L8 7.5 13.5 5M8 7.5v6',
  inflow: 'M2.5 8h7M6.8 5.2L9.5 8l-2.7 2.8M10 3h3.5v10H10',
  book: 'M3 3h4a1.5 1.5 0 011 .5A1.5 1.5 0 019 3h4v9.5H9.2a1.3 1.3 0 00-1.2.7 1.3 1.3 0 00-1.2-.7H3zM8 3.5v9.6',
  ban: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM4.2 4.2l7.6 7.6',
  bell: 'M4 11V7a4 4 0 018 0v4l1 1.3H3zM6.8 13.5h2.4',
  leave: 'M6.5 3H3v10h3.5M6.5 8h7M10.8 5.2L13.5 8l-2.7 2.8',
  compare: 'M2.5 12.5l3-5 3 2.5 5-6.5M2.5 8.5h.1M5.5 5.5h.1M8.5 6.5h.1M11.5 12.5h.1M13.5 9.5h.1',
  flag: 'M4 14V2.5M4 3h8l-2 2.7L12 8.5H4',
  question: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM6.3 6.4A1.7 1.7 0 118 8.2v1M8 11.1v.1',
  snow: 'M8 2v12M2.8 5l10.4 6M2.8 11l10.4-6',
  more: 'M3.4 8h.1M8 8h.1M12.6 8h.1',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, class: extra = '' }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon ${extra}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
