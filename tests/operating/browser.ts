/** A real browser on the Temporal Web UI, and the text that it shows. */
import { type Browser, chromium, type Page } from 'playwright-core'

export const SIZE = { width: 1280, height: 720 }

export const openBrowser = (executablePath: string): Promise<Browser> =>
  // Chromium's sandbox refuses to start as root, which build machines use.
  chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })

/** All visible text, including frames, with single spaces. */
export async function textOf(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map((frame) => frame.innerText('body').catch(() => '')))
  return texts.join(' ').replace(/\s+/g, ' ')
}

/** Waits until the page shows all texts; the Web UI loads piece by piece. @returns the texts missing after 30 s */
export async function missingOn(page: Page, texts: readonly string[]): Promise<string[]> {
  for (const deadline = Date.now() + 30_000; ; await page.waitForTimeout(100)) {
    const text = await textOf(page)
    const missing = texts.filter((one) => !text.includes(one))
    if (missing.length === 0 || Date.now() > deadline) return missing
  }
}

/** Fills in a signal as an operator does in the Web UI. The dialog stays open: `submit` sends it. */
export async function fillSignal(page: Page, name: string, note: object): Promise<void> {
  await page.getByRole('button', { name: 'More Actions' }).click()
  await page.getByText('Send a Signal').filter({ visible: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Select a signal' }).click()
  await dialog.getByRole('option', { name }).click()
  await dialog.getByRole('textbox').last().click()
  // Formatted as the field formats it on blur; otherwise the field would grow during the click on Submit.
  await page.keyboard.insertText(JSON.stringify(note, null, 2))
}

export const submit = (page: Page): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name: 'Submit' }).click()
