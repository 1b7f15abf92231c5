/**
 * docs/operating.md shows pages of the Temporal Web UI and quotes them. This test produces each situation on a real
 * server and checks in a real browser that the page shows what the guide quotes. `npm run pictures` takes the pictures
 * of the guide again.
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
    'Chromium is not installed: the pages of docs/operating.md are not checked; install it with: apt-get install chromium'
  if (process.env.CI) throw new Error(problem)
  console.warn(`skipped: ${problem}`)
}
const guide = readGuide()

it('the pictures of the guide are those of the situations here', () => {
  expect(guide.map(({ name }) => name).sort()).toEqual(SITUATIONS.map(({ name }) => name).sort())
  for (const { name, quotes } of guide) expect(quotes, `${name} quotes nothing`).not.toEqual([])
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

  // In order: each situation needs the canary lane as the one before left it.
  for (const { name, show, next, height = SIZE.height } of SITUATIONS) {
    it(name, async () => {
      await show({ on, page })
      const quotes = guide.find((pictured) => pictured.name === name)?.quotes ?? []
      expect(
        await missingOn(page, quotes),
        `quoted in docs/operating.md below ${name}.png, but not on ${page.url()}`,
      ).toEqual([])
      const clip = { x: 0, y: 0, ...SIZE, height }
      await page.screenshot({ path: join(taken, `${name}.png`), clip })
      // The size reveals a picture of the guide that was taken with another layout.
      expect(pixels(await readFile(join(PICTURES, `${name}.png`)))).toEqual({ ...SIZE, height })
      await next?.({ on, page })
    })
  }
})

/** Width and height from the header of a PNG. */
const pixels = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) })
