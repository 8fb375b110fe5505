/** The login page: works without a script, speaks the browser's language. */
import type { Language } from '../../schema/languages.js'

const TEXTS: { [lang in Language]: { title: string; label: string; button: string; hint: string; wrong: string } } = {
  en: { title: 'Sign in to Faultline', label: 'Access token', button: 'Sign in', hint: 'The token that the service was started with (FAULTLINE_TOKEN).', wrong: 'That is not the token. Check FAULTLINE_TOKEN of the service and try again.' },
  fr: { title: 'Connexion à Faultline', label: 'Jeton d’accès', button: 'Se connecter', hint: 'Le jeton avec lequel le service a été démarré (FAULTLINE_TOKEN).', wrong: 'Ce n’est pas le jeton. Vérifiez FAULTLINE_TOKEN du service et réessayez.' },
  zh: { title: '登录 Faultline', label: '访问令牌', button: '登录', hint: '启动服务时设置的令牌（FAULTLINE_TOKEN）。', wrong: '令牌不正确。请检查服务的 FAULTLINE_TOKEN 后重试。' },
}

export const LOGIN_STYLE = `:root{color-scheme:light dark;--bg:#fafaf9;--fg:#1c1b1a;--line:#8a8782;--accent:#0b5cad;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--bg:#161616;--fg:#ececea;--line:#8f8c87;--accent:#7db8f0;--bad:#ff8a80}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
form{width:min(22rem,calc(100vw - 3rem));display:grid;gap:.75rem}h1{font-size:1.375rem;font-weight:650;margin:0 0 .5rem}
label{font-weight:550}input,button{font:inherit;padding:.6rem .75rem;border-radius:.5rem;border:1px solid var(--line);background:transparent;color:inherit}
button{background:var(--accent);border-color:var(--accent);color:var(--bg);font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}p{margin:0;font-size:.875rem}.wrong{color:var(--bad)}`

export function loginPage(lang: Language, next: string, wrong: boolean): string {
  const t = TEXTS[lang]
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${t.title}</title><link rel="stylesheet" href="/login.css"></head><body><form method="post" action="/login?next=${encodeURIComponent(next)}"><h1>${t.title}</h1>${wrong ? `<p class="wrong" role="alert">${t.wrong}</p>` : ''}<label for="token">${t.label}</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="hint"><p id="hint">${t.hint}</p><button>${t.button}</button></form></body></html>`
}
