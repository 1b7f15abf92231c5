/** A real browser on the Temporal Web UI, and what a person reads there. */
import { type Browser, chromium, type Page } from 'playwright-core'

export const SIZE = { width: 1280, height: 720 }

export const openBrowser = (executablePath: string): Promise<Browser> =>
  // As root, as build machines run, Chromium's sandbox refuses to start.
  chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })

/** Everything that is shown, frames included, with single spaces. */
export async function textOf(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map((frame) => frame.innerText('body').catch(() => '')))
  return texts.join(' ').replace(/\s+/g, ' ')
}

/** Until the page shows all of it; the Web UI fills in piece by piece. @returns what was missing in the end */
export async function missingOn(page: Page, words: readonly string[]): Promise<string[]> {
  for (const deadline = Date.now() + 30_000; ; await page.waitForTimeout(100)) {
    const text = await textOf(page)
    const missing = words.filter((word) => !text.includes(word))
    if (missing.length === 0 || Date.now() > deadline) return missing
  }
}

/** Sends a signal as an operator does who has nothing but the Web UI. The dialog stays open: `submit` sends it. */
export async function fillSignal(page: Page, name: string, note: object): Promise<void> {
  await page.getByRole('button', { name: 'More Actions' }).click()
  await page.getByText('Send a Signal').filter({ visible: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Select a signal' }).click()
  await dialog.getByRole('option', { name }).click()
  await dialog.getByRole('textbox').last().click()
  // Laid out as the field lays it out when it is left: it would grow under the click on Submit.
  await page.keyboard.insertText(JSON.stringify(note, null, 2))
}

export const submit = (page: Page): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name: 'Submit' }).click()
