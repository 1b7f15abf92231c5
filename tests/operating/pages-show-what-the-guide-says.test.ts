/**
 * docs/operating.md shows pages of the Temporal Web UI and quotes them. Here each situation is brought about on a real server, a real
 * browser looks at it, and what the guide quotes must be there. `npm run pictures` takes the guide's pictures anew.
 */
import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/chromium.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'
import { missingOn, openBrowser, SIZE } from './browser.js'
import { PICTURES, readGuide } from './guide.js'
import { SITUATIONS } from './situations.js'

const chromium = await findChromium()
if (!chromium) {
  const problem =
    'no Chromium here: the pages of docs/operating.md are not looked at; install it with: apt-get install chromium'
  if (process.env.CI) throw new Error(problem)
  console.warn(`skipped: ${problem}`)
}
const guide = readGuide()

it('every picture of the guide is taken here, and every one taken here is in the guide', () => {
  expect(guide.map(({ name }) => name).sort()).toEqual(SITUATIONS.map(({ name }) => name).sort())
  for (const { name, says } of guide) expect(says, `${name} quotes nothing`).not.toEqual([])
})

describe.skipIf(chromium === undefined)('the Web UI shows what the guide quotes', () => {
  let on: DevServer
  let worker: WorkerProcess
  let browser: Browser
  let page: Page
  const taken = process.env.SLIPWAY_TAKE_PICTURES ? PICTURES : mkdtempSync(join(tmpdir(), 'slipway-pictures-'))

  beforeAll(async () => {
    on = await devServer()
    worker = await startWorkerProcess(on.environment)
    browser = await openBrowser(chromium ?? '')
    page = await browser.newPage({ viewport: SIZE })
  })
  afterAll(async () => {
    await browser?.close()
    await worker?.kill()
    await on?.close()
    if (taken !== PICTURES) await rm(taken, { recursive: true, force: true })
  })

  // One after the other: each finds the canary lane as the one before left it.
  for (const { name, show, next, height = SIZE.height } of SITUATIONS) {
    it(name, async () => {
      await show({ on, page })
      const says = guide.find((pictured) => pictured.name === name)?.says ?? []
      expect(
        await missingOn(page, says),
        `quoted in docs/operating.md below ${name}.png, but not on ${page.url()}`,
      ).toEqual([])
      const clip = { x: 0, y: 0, ...SIZE, height }
      await page.screenshot({ path: join(taken, `${name}.png`), clip })
      // As large as the guide's: a picture that was left over from another layout is told by its size.
      expect(pixels(await readFile(join(PICTURES, `${name}.png`)))).toEqual({ ...SIZE, height })
      await next?.({ on, page })
    })
  }
})

/** Width and height as a PNG's header states them. */
const pixels = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) })
