import { expect, it } from 'vitest'
import { doingInWords, type Doing } from '../../../schema/words/doing.js'

const AT = '2026-05-20T14:00:00.000Z'
const NONE = { unfinished: [], refused: [], unreadable: [] }

it.each<[Doing, string, string, string]>([
  [{ code: 'elsewhere' }, 'Another node fetches it.', 'Un autre nœud s’en charge.', '由另一个节点获取。'],
  [
    { code: 'pulled', receivedTo: AT, behindMs: 5_400_000, lost: null },
    'Catching up: at 20 May 2026, 14:00:00 UTC, 90 minutes to go.',
    'Rattrapage en cours : au 20 mai 2026, 14:00:00 UTC, encore 90 minutes à récupérer.',
    '正在追赶：已到 2026年5月20日 14:00:00 UTC，还剩90分钟。',
  ],
  [
    { code: 'pulled', receivedTo: AT, behindMs: 0, lost: { from: '2026-05-12T14:00:00Z', to: '2026-05-13T14:00:00Z' } },
    'All that Cloudflare received until 20 May 2026, 14:00:00 UTC is here; not to be had any more (Logpull keeps seven days): 12 May 2026, 14:00:00 UTC to 13 May 2026, 14:00:00 UTC.',
    'Tout ce que Cloudflare a reçu jusqu’au 20 mai 2026, 14:00:00 UTC est là ; n’est plus disponible (Logpull conserve sept jours) : du 12 mai 2026, 14:00:00 UTC au 13 mai 2026, 14:00:00 UTC.',
    'Cloudflare 在 2026年5月20日 14:00:00 UTC 之前收到的日志都已在此；已无法获取（Logpull 只保留七天）：2026年5月12日 14:00:00 UTC 至 2026年5月13日 14:00:00 UTC。',
  ],
  [
    { code: 'taking', taken: 1_200, at: 's3://logs/a.gz' },
    '1,200 objects taken, at s3://logs/a.gz',
    '1 200 objets lus, actuellement s3://logs/a.gz',
    '已读取 1,200 个对象，正在读取 s3://logs/a.gz',
  ],
  [
    { code: 'all-taken', taken: 0, vanished: 0, refused: 0, like: null },
    'Every object is here.',
    'Tous les objets sont là.',
    '所有对象都已在此。',
  ],
  [
    {
      code: 'all-taken',
      taken: 3,
      vanished: 1,
      refused: 2,
      like: { name: 'a', code: 'NOT_NDJSON', message: 'No log.' },
    },
    'Every object is here, 3 of them new; 1 was gone or written anew before they could be read; 2 are no logs, like a: No log.',
    'Tous les objets sont là, dont 3 nouveaux ; 1 a disparu ou a été réécrit avant la lecture ; 2 ne sont pas des journaux, par exemple a.',
    '所有对象都已在此，其中 3 个是新的；1 个在读取之前已被删除或重写；2 个不是日志，例如 a。',
  ],
  [
    { code: 'followed', files: 1, ...NONE },
    'Waits for new lines in 1 file.',
    'Attend de nouvelles lignes dans 1 fichier.',
    '等待 1 个文件中的新行。',
  ],
  [
    { code: 'followed', files: 7, unfinished: ['a', 'b', 'c', 'd', 'e'], refused: ['f'], unreadable: ['g', 'h'] },
    'Waits for new lines in 7 files; for the rest of a, b, c and +2; no log: f; may not be read: g and h.',
    'Attend de nouvelles lignes dans 7 fichiers ; la suite de a, b, c et +2 ; pas un journal : f ; lecture non autorisée : g et h.',
    '等待 7 个文件中的新行；等待写完：a、b、c和+2；不是日志：f；无权读取：g和h。',
  ],
])('%j', (doing, en, fr, zh) => {
  const spaces = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
  expect(doingInWords(doing, 'en')).toBe(en)
  expect(spaces(doingInWords(doing, 'fr'))).toBe(spaces(fr))
  expect(doingInWords(doing, 'zh')).toBe(zh)
})
