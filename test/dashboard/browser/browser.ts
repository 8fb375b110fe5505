/**
 * A real Chromium for tests of the page, against a real Faultline. One browser for a test file, one context for each
 * page, and every page fails its test if the script threw, a question failed or the security policy stopped something.
 * FAULTLINE_SCREENSHOTS names a folder that `shot` writes pictures to; without it `shot` does nothing.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { needs } from '../../needs.js'

/** The same engine without windows to draw asks for three quarters of the processor's time; either will do. */
const SHELL = 'chromium-headless-shell'

const found = (program: string): string | null => {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

export const hasChromium = found(SHELL) !== null || needs('chromium', `chromium or ${SHELL}`)

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface TestPage {
  page: Page
  /** what went wrong in the page so far; empty is well */
  complaints: string[]
}

export interface TestBrowser {
  /** A page of its own. `quiet`: answers with an error are part of the test and no complaint. */
  open(url: string, options?: BrowserContextOptions & { quiet?: boolean }): Promise<TestPage>
  /** Ends all pages so far: one that stays open goes on asking. */
  closePages(): Promise<void>
  close(): Promise<void>
}

export const chromiumPath = (): string => {
  const path = process.env.CHROMIUM ?? found(SHELL) ?? found('chromium')
  if (path === null) throw new Error(`no Chromium: apt-get install ${SHELL}`)
  return path
}

export async function launch(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ARGS,
  })
  return {
    async open(url, { quiet = false, ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en-GB',
        timezoneId: 'Europe/Paris',
        // what moves while it loads is painted at every frame, which costs as much as the rest of the page
        reducedMotion: 'reduce',
        ...options,
      })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`threw: ${error.message}`))
      page.on('console', (message) => {
        const isAnswer = message.text().startsWith('Failed to load resource')
        if (message.type() === 'error' && !(quiet && isAnswer)) complaints.push(`console: ${message.text()}`)
      })
      await page.goto(url)
      return { page, complaints }
    },
    async closePages() {
      for (const context of browser.contexts()) await end(context)
    },
    async close() {
      for (const context of browser.contexts()) await end(context)
      await browser.close()
    },
  }
}

/** A question that a test answers itself may be under way when its page ends: that is no fault. */
async function end(context: BrowserContext): Promise<void> {
  await context.unrouteAll({ behavior: 'ignoreErrors' })
  for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' })
  await context.close()
}

/** Waits until every question of the page is answered and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main > *') !== null && document.querySelector('.skeleton, [aria-busy="true"]') === null,
  )
}

/** A picture for people to look at; never compared. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.FAULTLINE_SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
