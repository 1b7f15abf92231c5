/**
 * Pictures of the console for README and docs: `npm run screenshots` writes them to docs/images, and every other run to
 * a folder that it removes, or to SLIPWAY_SCREENSHOTS. Their pixels are never compared.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { expect } from 'vitest'

const SIZE = { width: 1_200, height: 800 }
const MOST_BYTES = 150_000

export function openScreenshots() {
  const wanted = process.env.SLIPWAY_SCREENSHOTS
  if (wanted) mkdirSync(wanted, { recursive: true })
  const folder = wanted || mkdtempSync(join(tmpdir(), 'slipway-screenshots-'))
  return {
    /** What a person with a window of this size sees now, scrolled to a section with this title. */
    async shoot(page: Page, name: string, title?: string): Promise<void> {
      const before = page.viewportSize()
      await page.setViewportSize(SIZE)
      if (title !== undefined)
        await page.evaluate(
          `[...document.querySelectorAll('h2')].find((one) => one.textContent.includes(${JSON.stringify(title)})).scrollIntoView()`,
        )
      const png = await sharp(await page.screenshot({ animations: 'disabled' }))
        .png({ palette: true, effort: 10 })
        .toBuffer()
      expect(png.readUInt32BE(16)).toBe(SIZE.width)
      expect(png.length).toBeLessThan(MOST_BYTES)
      await writeFile(join(folder, `${name}.png`), png)
      if (before) await page.setViewportSize(before)
    },
    close() {
      if (!wanted) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * The pointer and the keyboard both show the numbers of a plot's marks; the focus stays in the plot with the arrows.
 */
export async function marksGiveTheirNumbers(page: Page): Promise<void> {
  const plot = page.locator('svg:has(.point)').first()
  const reading = page.locator('.reading')
  const marks = plot.locator('.point')
  const title = (index: number) => marks.nth(index).locator('title').textContent()
  const last = (await marks.count()) - 1
  expect(last).toBeGreaterThan(0)
  await plot.locator('.point[tabindex="0"]').focus()
  expect(await reading.innerText()).toBe(await title(last))
  await page.keyboard.press('ArrowLeft')
  expect(await reading.innerText()).toBe(await title(last - 1))
  await page.keyboard.press('Home')
  expect(await reading.innerText()).toBe(await title(0))
  await page.keyboard.press('Escape')
  await reading.waitFor({ state: 'hidden' })
  await marks.nth(last).hover({ force: true })
  await reading.getByText((await title(last)) ?? '').waitFor()
  await page.mouse.move(0, 0)
  await page.locator('h1').click()
}
