/** A gigabyte through the page, in a real Chromium, against the command line: how fast, and what the service weighs meanwhile. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'

/** Some 1.1 GB with all fields of a job. */
const LINES = 500_000

export interface Uploaded {
  megabytes: number
  /** s, from the choice of the file until the page says that it is stored, and of the command from its start to its end */
  page: number
  command: number
  /** of the service, resident at its highest, MB */
  peakMb: number
}

/** `main`: the built command line; `folder`: where the export is kept for the next run. */
export async function uploads(browser: Browser, main: string, folder: string, rounds: number): Promise<Uploaded[]> {
  const file = join(folder, 'upload.ndjson')
  if (!existsSync(file))
    execFileSync(process.execPath, [main, 'simulate', file, '--lines', String(LINES)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const all: Uploaded[] = []
  for (let i = 0; i < rounds; i++) all.push(await inFresh((own) => uploaded(browser, main, file, own)))
  return all
}

async function uploaded(browser: Browser, main: string, file: string, own: string): Promise<Uploaded> {
  const command = async () => {
    const begun = performance.now()
    execFileSync(process.execPath, [main, 'ingest', file, '--store', `sqlite:${join(own, 'command.sqlite')}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return (performance.now() - begun) / 1000
  }
  const service = spawn(
    process.execPath,
    [main, 'serve', '--port', '0', '--store', `sqlite:${join(own, 's.sqlite')}`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  try {
    const [said] = (await once(service.stdout, 'data')) as [Buffer]
    const url = /on (http:\/\/\S+)/.exec(String(said))?.[1]
    if (url === undefined) throw new Error(`the service said ${String(said)}`)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(url)
    const begun = performance.now()
    await page.locator('input[type=file]').first().setInputFiles(file)
    await page.locator('.upload.done').waitFor({ timeout: 600_000 })
    const seconds = (performance.now() - begun) / 1000
    await page.close()
    const peakKiB = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1])
    const gone = once(service, 'exit')
    service.kill()
    await gone
    return {
      megabytes: statSync(file).size / 1e6,
      page: seconds,
      command: await command(),
      peakMb: (peakKiB * 1024) / 1e6,
    }
  } finally {
    if (service.exitCode === null) service.kill()
  }
}

async function inFresh<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-upload-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
