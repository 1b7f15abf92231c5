/** The console in a real browser: nothing is refused by its own policy, and an open page follows the record. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../operating/browser.js'
import { candidate, type Gateway, openCanary, openWorld, until, type World } from '../serving/support.js'
import { appendAnything } from '../support/append-anything.js'
import { findChromium } from '../support/chromium.js'

const RUN = 'release/toy/0.3'
const RELEASE = '/projects/toy/releases/0.3'
const executable = await findChromium()

describe.skipIf(executable === undefined && !process.env.CI)('in a browser', () => {
  let world: World
  let gateway: Gateway
  let browser: Browser
  beforeAll(async () => {
    world = await openWorld()
    gateway = await world.gateway({ live: { everyMs: 50 } })
    await openCanary(world, await candidate(world, 0.3), 1_000)
    browser = await openBrowser(executable ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  })

  const act = (action: string) =>
    appendAnything(world.registry, {
      project: 'toy',
      kind: 'operator_action',
      subject: RUN,
      key: `${RUN}:${action}`,
      body: {
        id: action,
        action,
        by: `${'long name '.repeat(40)}${'x'.repeat(900)}`,
        reason: '',
        accepted: true,
        message: '',
      },
    })

  /** What the browser complains about: errors of the script, and whatever the content security policy refuses. */
  async function opened(path: string, options: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const problems: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(`${gateway.url}${path}`)
    return { page, problems, close: () => context.close() }
  }
  const widerThanScreen = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')

  it('an open page follows the record, and keeps the focus', async () => {
    const { page, problems, close } = await opened('/')
    await page.getByText('Live', { exact: true }).waitFor()
    const link = page.locator('article h3 a')
    await link.focus()
    await act('pause')
    await page.getByText('Needs attention: 1').waitFor()
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('/projects/toy')
    await act('resume')
    await page.getByText('No release needs attention.').waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it.each([
    { width: 360, colorScheme: 'light' },
    { width: 360, colorScheme: 'dark' },
    { width: 3_840, colorScheme: 'light' },
  ] as const)('pages fit a screen of $width px, $colorScheme', async ({ width, colorScheme }) => {
    for (const path of ['/', '/projects/toy', RELEASE, '/projects/none']) {
      const { page, problems, close } = await opened(path, { viewport: { width, height: 800 }, colorScheme })
      expect([path, await widerThanScreen(page)]).toEqual([path, false])
      // The answer 404 is itself reported.
      expect(problems.filter((text) => !text.includes('404'))).toEqual([])
      await close()
    }
  })

  it('without JavaScript a page shows the same', async () => {
    const { page, close } = await opened(RELEASE, { javaScriptEnabled: false })
    expect(await page.locator('main').innerText()).toContain('it answers 10 % of the traffic')
    await page.getByRole('link', { name: 'Report' }).click()
    expect(await page.locator('main').innerText()).toContain(RUN)
    await close()
  })

  it('a stream that was interrupted is resumed, and the page shows what happened meanwhile', async () => {
    const { page, close } = await opened(RELEASE)
    await page.getByText('Live', { exact: true }).waitFor()
    const { port } = gateway
    await gateway.close()
    await page.getByText('Connecting again …').waitFor()
    await appendAnything(world.registry, {
      project: 'toy',
      kind: 'verdict',
      subject: RUN,
      key: `${RUN}:verdict`,
      body: { workflowId: RUN, verdict: 'held', reason: 'hold:deadline', detail: 'too late', releaseId: 'toy_v2' },
    })
    gateway = await world.gateway({ live: { everyMs: 50 }, port })
    await until('the verdict is on the page', async () => (await page.locator('h1').innerText()).includes('held'))
    await close()
  })
})
