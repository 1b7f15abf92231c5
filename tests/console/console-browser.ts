/** People at the console, in a real browser. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Serious and critical findings of axe, as `rule: element`; run from outside the page, whose policy permits no script.
 */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`)
}

export const WAITS_MS = 150_000

export interface Person {
  readonly context: BrowserContext
  readonly page: Page
  /** What the browser complains about. */
  readonly problems: readonly string[]
}

/** Opens an address as a person who is not logged in, logs in at the provider, and waits until the address is shown. */
export async function openAs(browser: Browser, name: string, address: string): Promise<Person> {
  const context = await browser.newContext()
  // For what hangs: on a busy machine a page may take a minute.
  context.setDefaultTimeout(WAITS_MS)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/i.test(message.text())) problems.push(message.text())
  })
  await page.goto(address)
  await logIn(page, name, address)
  return { context, page, problems }
}

async function logIn(page: Page, name: string, address: string): Promise<void> {
  await page.locator('input[name=login]').fill(name)
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  await page.locator('form button[type=submit]').click()
  await page.waitForURL(address)
}

/**
 * From the page of a release or project: the action, its consequence, the reason, the button.
 * @returns the consequence
 */
export async function act(page: Page, action: string, reason: string): Promise<string> {
  await page.getByRole('link', { name: action, exact: true }).click()
  const consequence = await page.locator('#consequence').innerText()
  await confirm(page, action, reason)
  return consequence
}

export async function confirm(page: Page, action: string, reason: string): Promise<void> {
  await page.getByLabel('Reason').fill(reason)
  await page.getByRole('button', { name: action, exact: true }).click()
}

export const outcome = (page: Page): Promise<string> => page.locator('#outcome').innerText()
