/** The login page: works without a script, speaks the browser's language or the one chosen on it, light and dark. */
import { LANGUAGES, SPEECH, type Language, type Translated } from '../../schema/words/languages.js'

interface LoginTexts {
  title: string
  label: string
  button: string
  hint: string
  wrong: string
  wait: string
  over: string
  sender: string
  provider: string
  failed: string
  noRole: string
}

/** The token was wrong, was not looked at since too many were, is over, or is for sending logs only. */
export type LoginProblem = 'wrong' | 'wait' | 'over' | 'sender' | 'failed' | 'noRole'

const TEXTS: Translated<LoginTexts> = {
  en: {
    title: 'Sign in to Faultline',
    label: 'Access token',
    button: 'Sign in',
    hint: 'The token that an admin gave you, or the one that the service was started with (FAULTLINE_TOKEN).',
    wrong: 'That is no token of this Faultline. Check it and try again.',
    wait: 'Too many wrong tokens came from your address. Wait a minute, then try again.',
    over: 'This token has expired or was revoked. Ask an admin for another one.',
    sender: 'This token only sends logs. To look at them, ask an admin for one that reads.',
    provider: 'Sign in with your organisation',
    failed: 'The sign-in was not finished. Begin it again.',
    noRole: 'You are signed in with your organisation, but have no role here. Ask an admin for one.',
  },
  fr: {
    title: 'Connexion à Faultline',
    label: 'Jeton d’accès',
    button: 'Se connecter',
    hint: 'Le jeton reçu d’un administrateur, ou celui avec lequel le service a été démarré (FAULTLINE_TOKEN).',
    wrong: 'Ce n’est pas un jeton de ce Faultline. Vérifiez-le et réessayez.',
    wait: 'Trop de jetons erronés sont venus de votre adresse. Attendez une minute avant de réessayer.',
    over: 'Ce jeton a expiré ou a été révoqué. Demandez-en un autre à un administrateur.',
    sender: 'Ce jeton ne sert qu’à envoyer des journaux. Pour les consulter, demandez-en un autre à un administrateur.',
    provider: 'Se connecter avec votre organisation',
    failed: 'La connexion n’a pas abouti. Recommencez-la.',
    noRole: 'Votre organisation vous a reconnu, mais vous n’avez aucun rôle ici. Adressez-vous à un administrateur.',
  },
  zh: {
    title: '登录 Faultline',
    label: '访问令牌',
    button: '登录',
    hint: '管理员提供的令牌，或启动服务时设置的令牌（FAULTLINE_TOKEN）。',
    wrong: '令牌不正确，请检查后重试。',
    wait: '来自您地址的错误令牌过多。请等待一分钟后再试。',
    over: '该令牌已过期或已被吊销，请向管理员索取新的令牌。',
    sender: '该令牌只能发送日志。如需查看，请向管理员索取具有读取权限的令牌。',
    provider: '使用组织账号登录',
    failed: '登录未完成，请重新开始。',
    noRole: '您已通过组织账号登录，但在此没有任何角色。请联系管理员。',
  },
}

/**
 * The colours of the page, which lies behind this door (web/styles/tokens.css; a test holds that they are the same).
 * `light-dark` follows the system: what a reader chose on the page is known to its script alone.
 */
export const LOGIN_COLOURS: { [name: string]: readonly [light: string, dark: string] } = {
  'ground': ['#fbfbfa', '#111216'],
  'surface': ['#ffffff', '#17181d'],
  'rule': ['#e5e5e2', '#2a2c34'],
  'rule-strong': ['#8b8d92', '#747883'],
  'ink': ['#17181c', '#f0f0f2'],
  'ink-2': ['#4c4f57', '#b6b9c2'],
  'action': ['#17181c', '#f0f0f2'],
  'on-action': ['#ffffff', '#17181c'],
  'focus': ['#4a50e0', '#8d93ff'],
  'bad': ['#b23a00', '#ff9464'],
  'bad-ground': ['#fdf0e9', '#2d1c14'],
}

const variables = (theme: 0 | 1) =>
  Object.entries(LOGIN_COLOURS)
    .map(([name, colours]) => `--${name}:${colours[theme]}`)
    .join(';')

export const LOGIN_STYLE = `:root{color-scheme:light dark;${variables(0)}}
@media(prefers-color-scheme:dark){:root{${variables(1)}}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;align-content:center;justify-items:center;gap:24px;padding:24px;background:var(--ground);color:var(--ink);font:14px/20px -apple-system,'Segoe UI',Roboto,Ubuntu,Cantarell,'Noto Sans','Liberation Sans',Arial,'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC',sans-serif}
form{width:100%;max-width:376px;display:grid;gap:8px;padding:32px;border-radius:12px;background:var(--surface);box-shadow:0 0 0 1px var(--rule)}
svg{display:block;margin-bottom:8px;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
circle{fill:var(--bad);stroke:none}
h1{font-size:20px;line-height:28px;font-weight:650;letter-spacing:-.01em;margin:0 0 16px}
label{font-weight:550;font-size:13px}
input,button{font:inherit;width:100%;height:40px;padding:0 12px;border:0;border-radius:6px}
input{background:var(--surface);color:inherit;box-shadow:inset 0 0 0 1px var(--rule-strong);font-size:16px}
button{margin-top:16px;background:var(--action);color:var(--on-action);font-weight:600;cursor:pointer}
button:hover{opacity:.88}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
p{margin:0;font-size:13px;color:var(--ink-2)}
.wrong{margin-bottom:8px;padding:8px 12px;border-radius:6px;background:var(--bad-ground);color:var(--bad)}
a.provider{display:block;margin-top:12px;line-height:40px;text-align:center;border-radius:6px;box-shadow:inset 0 0 0 1px var(--rule-strong);color:var(--ink);font-weight:600}
nav{display:flex;gap:16px;font-size:13px}
a{color:var(--ink-2);text-decoration:none}a:hover{text-decoration:underline}a[aria-current]{color:var(--ink);font-weight:600}`

const MARK =
  '<svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true"><path d="M1.5 15.5h5.2L10 6l2.8 12 2.8-7.5h6.9"/><circle cx="10" cy="6" r="2.2"/></svg>'

/** `next` is a path of our own, checked by the caller; `chosen`: the language was asked for, and stays over a wrong token. */
export function loginPage(
  lang: Language,
  next: string,
  { problem, chosen, provider }: { problem: LoginProblem | null; chosen: boolean; provider: boolean },
): string {
  const t = TEXTS[lang]
  const target = (choice: Language | null) =>
    `/login?next=${encodeURIComponent(next)}${choice === null ? '' : `&amp;lang=${choice}`}`
  const languages = LANGUAGES.map(
    (one) =>
      `<a href="${target(one)}" lang="${one}" hreflang="${one}"${one === lang ? ' aria-current="true"' : ''}>${SPEECH[one].own}</a>`,
  ).join('')
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${t.title}</title><link rel="icon" type="image/svg+xml" href="/icon.svg"><link rel="stylesheet" href="/login.css"></head><body>
<form method="post" action="${target(chosen ? lang : null)}">${MARK}<h1>${t.title}</h1>${problem ? `<p class="wrong" role="alert">${t[problem]}</p>` : ''}<label for="token">${t.label}</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="hint"><p id="hint">${t.hint}</p><button>${t.button}</button>${provider ? `<a class="provider" href="/login/oidc?next=${encodeURIComponent(next)}">${t.provider}</a>` : ''}</form>
<nav>${languages}</nav></body></html>`
}
