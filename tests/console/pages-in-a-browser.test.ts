/**
 * The console in a real browser: nothing is refused by its own policy, an open page follows the record, and people who
 * are logged in take a release from its canary to a rollback by clicking.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { releaseWorkflowId } from '../../contracts/names.js'
import { startedByThem } from '../../contracts/other-person.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { freePort } from '../../embedded/free-port.js'
import { createBearerVerifier } from '../../http/identity/bearer.js'
import { identitySettings } from '../../http/identity/settings.js'
import { createLoginClient } from '../../http/session/login-client.js'
import { createSessions } from '../../http/session/sessions.js'
import { createProver } from '../../releases/identity/prover.js'
import { gatewayOn } from '../http/support.js'
import { openBrowser } from '../operating/browser.js'
import {
  candidate,
  type Gateway,
  logged,
  moveAlias,
  openCanary,
  openWorld,
  until,
  type World,
} from '../serving/support.js'
import { appendAnything } from '../support/append-anything.js'
import { findChromium } from '../support/chromium.js'
import { AUDIENCE, CLIENT_SECRET, type Issuer, startIssuer } from '../support/issuer.js'
import { entriesOf, eventuallyAfterDays, exposed, resultOf, stateOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'
import { act, confirm, openAs, outcome, seriousFindings, WAITS_MS } from './console-browser.js'
import { marksGiveTheirNumbers, openScreenshots } from './screenshots.js'

const SECRET = 'a secret that has at least 32 characters'
const RUN = 'release/toy/0.3'
const RELEASE = '/projects/toy/releases/0.3'
const executable = await findChromium()

describe.skipIf(executable === undefined && !process.env.CI)('in a browser', () => {
  let world: World
  let gateway: Gateway
  let browser: Browser
  const { shoot, close: closeScreenshots } = openScreenshots()
  beforeAll(async () => {
    world = await openWorld()
    gateway = await world.gateway({ live: { everyMs: 50 } })
    await openCanary(world, await candidate(world, 0.3), 1_000)
    const label = {
      decisionId: 'x'.repeat(200),
      label: { [`${'long '.repeat(9)}${'y'.repeat(90)}`]: 1 },
      observedAt: Date.now(),
    }
    await world.registry.labels.setAside('toy', [label])
    browser = await openBrowser(executable ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
    closeScreenshots()
  })

  const record = (action: string) =>
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
    context.setDefaultTimeout(WAITS_MS)
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
    await record('pause')
    await page.getByText('Needs attention: 1').waitFor()
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('/projects/toy')
    await record('resume')
    await page.getByText('No release needs attention.').waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it('what is being typed stays when production moves meanwhile', async () => {
    const { page, problems, close } = await opened('/projects/toy/history')
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByLabel('beside').fill('toy_v')
    const { releaseId } = await candidate(world, 0.4)
    const move = { alias: 'production', expected: world.baseline, workflowId: null, key: 'while typing' } as const
    await moveAlias(world.registry, { ...move, to: releaseId })
    await page.locator(`option[value="${releaseId}"]`).waitFor({ state: 'attached' })
    await page.keyboard.type('9')
    expect(await page.getByLabel('beside').inputValue()).toBe('toy_v9')
    expect(problems).toEqual([])
    await close()
  })

  it.each([
    { width: 360, colorScheme: 'dark' },
    { width: 3_840, colorScheme: 'light' },
  ] as const)('pages fit a screen of $width px, $colorScheme', async ({ width, colorScheme }) => {
    for (const path of [
      '/',
      '/projects/toy',
      RELEASE,
      '/projects/toy/labels',
      '/projects/toy/history',
      '/projects/none',
    ]) {
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
    await page.getByRole('link', { name: 'Report' }).focus()
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
    // The actions are gone, so the page has another structure.
    expect(await page.getByRole('heading', { name: 'Actions' }).count()).toBe(0)
    expect(await page.locator('#cause').innerText()).toBe('too late')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Report')
    await close()
  })

  describe('people who are logged in', () => {
    const prover = createProver(SECRET)
    const policy: PromotionPolicy = { ...toyPolicy, promotionApproval: 'other_person', manualPromote: 'never' }
    const release = '/projects/toy/releases/story'
    let on: Harness
    let issuer: Issuer
    let service: Gateway
    let id: string
    beforeAll(async () => {
      on = await timeSkipping({ prover })
      const port = await freePort()
      const publicUrl = `http://127.0.0.1:${port}`
      issuer = await startIssuer({ redirectUris: [`${publicUrl}/callback`] })
      const settings = identitySettings.parse({
        issuer: issuer.url,
        audience: AUDIENCE,
        login: { clientId: 'console', publicUrl, scope: 'openid groups offline_access', prompt: 'consent' },
        roles: [
          { group: 'operators', roles: ['operate'] },
          { group: 'toy-operators', roles: ['operate'], projects: ['toy'] },
          { group: 'reviewers', roles: ['read', 'approve'] },
        ],
      })
      const sessions = createSessions({ settings, client: createLoginClient(settings, CLIENT_SECRET), secret: SECRET })
      const verifyBearer = createBearerVerifier(settings)
      const startRelease = () => Promise.reject(new Error('no release is started here'))
      service = await gatewayOn(on, { verifyBearer, sessions, prover, port, startRelease, live: { everyMs: 50 } })
      const proof = prover.sign({
        workflowId: releaseWorkflowId('toy', 'story'),
        id: 'story',
        action: 'start',
        by: 'ana',
      })
      id = await on.start('story', { policy, by: 'ana', proof })
      await exposed(on, id)
    })
    afterAll(async () => {
      await service?.close()
      await issuer?.stop()
      await on?.close()
    })

    it('one release from its canary to a rollback: two operators, a second person, an ended session, a late action', async () => {
      const address = `${service.url}${release}`
      const ana = await openAs(browser, 'ana', address)
      const cy = await openAs(browser, 'cy', `${address}/actions/pause`)
      // Two operators at once: the second one is shown that the canary is paused already.
      expect(await act(ana.page, 'Pause', 'storm over the hubs')).toMatch(
        /^Production stays toy_v1, and toy_v2 keeps its/,
      )
      expect(await outcome(ana.page)).toMatch(/Done: pause by ana, proven \(storm over the hubs\)/)
      await confirm(cy.page, 'Pause', 'storm')
      expect(await cy.page.locator('#problem').innerText()).toBe('Nothing was done. It is paused already.')
      // The session ends while the form is open: what was typed survives the login.
      await ana.page.getByRole('link', { name: 'Resume' }).click()
      await ana.page.waitForURL(`${address}/actions/resume`)
      await ana.context.clearCookies({ name: 'slipway_session' })
      await confirm(ana.page, 'Resume', 'the storm is over')
      const [tab] = await Promise.all([
        ana.context.waitForEvent('page'),
        ana.page.getByRole('link', { name: 'Log in again in a new tab' }).click(),
      ])
      await tab.waitForURL(/interaction|actions\/resume/)
      if (tab.url().includes('interaction')) await tab.locator('form button[type=submit]').click()
      await tab.waitForURL(`${address}/actions/resume`)
      await tab.close()
      await ana.page.getByRole('button', { name: 'Continue' }).click()
      expect(await ana.page.getByLabel('Reason').inputValue()).toBe('the storm is over')
      await ana.page.getByRole('button', { name: 'Resume' }).click()
      expect(await outcome(ana.page)).toMatch(/Done: resume by ana, proven/)
      // Another form stays open until the end.
      const late = await ana.context.newPage()
      await late.goto(`${address}/actions/abort`)
      // The approval: ana, who started it, may not.
      await eventuallyAfterDays(on, 'approval asked for', async () => (await stateOf(on, id)).awaitingApproval)
      await ana.page.getByRole('link', { name: 'Approve the promotion' }).waitFor()
      await marksGiveTheirNumbers(ana.page)
      await shoot(ana.page, 'release')
      await shoot(ana.page, 'evidence', 'looks')
      await ana.page.goto(`${service.url}/`)
      await ana.page.getByText('Needs attention: 1').waitFor()
      await shoot(ana.page, 'fleet')
      await ana.page.goto(address)
      await ana.page.getByRole('link', { name: 'Approve the promotion' }).click()
      await ana.page.locator('#refused').getByText(startedByThem('ana')).waitFor()
      expect(await ana.page.getByRole('button', { name: 'Approve the promotion' }).count()).toBe(0)
      await ana.page.goto(address)
      const bo = await openAs(browser, 'bo', address)
      const says = await act(bo.page, 'Approve the promotion', 'read the report')
      expect(says).toMatch(
        /toy_v2 replaces toy_v1 in production: its share of the traffic grows from its \d+ % .* to 90 %.* ana started this release; the policy requires/,
      )
      expect(await outcome(bo.page)).toMatch(/Done: promote by bo, proven \(read the report\)/)
      await eventuallyAfterDays(on, 'probation', async () => (await stateOf(on, id)).stage === 'probation')
      await bo.page.getByText('It is in production, on probation').waitFor()
      // The form was about a canary, and the release is in production now.
      await confirm(late, 'Abort', 'harm')
      expect(await late.locator('#problem').innerText()).toContain('has changed since it was shown')
      // The way back.
      await cy.page.goto(`${service.url}/projects/toy`)
      expect(await act(cy.page, 'Roll back', 'complaints')).toContain(
        'Production moves from toy_v2 to toy_v1 for all traffic',
      )
      expect(await outcome(cy.page)).toContain('production moved from toy_v2 to toy_v1, by cy, proven (complaints)')
      expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted' })
      await bo.page.locator('h1').getByText('reverted').waitFor()
      await confirm(late, 'Abort', 'harm')
      await late.locator('#problem').getByText('has ended (reverted)').waitFor()
      const recorded = (await entriesOf(on, id, 'operator_action')).map(({ body }) => [
        body.action,
        body.by,
        body.accepted,
      ])
      expect(recorded).toEqual([
        ['pause', 'ana', true],
        ['resume', 'ana', true],
        ['promote', 'bo', true],
        ['rollback', 'cy', true],
      ])
      await ana.page.getByRole('button', { name: 'Log out' }).click()
      await ana.page.waitForURL(`${issuer.url}/**`)
      for (const { problems, context } of [ana, bo, cy]) {
        expect(problems).toEqual([])
        await context.close()
      }
    })

    it.each(['light', 'dark'] as const)(
      'axe finds nothing serious on any page, %s, on a small screen',
      async (colorScheme) => {
        const { context, page } = await openAs(browser, 'ana', `${service.url}/`)
        await page.setViewportSize({ width: 360, height: 740 })
        await page.emulateMedia({ colorScheme })
        const history = '/projects/toy/history?a=toy_v1&b=toy_v2&at=2001-01-01'
        const rollback = '/projects/toy/rollback?to=toy_v2'
        const plan =
          '/projects/toy/policy?ask=plan&perDay=400&rate=0.2&smallestEffect=0.5&horizon=2d&ramp=10,50&runs=5&seed=1'
        const again = `${release}/policy?ask=replay&alpha=0.01`
        const trying = [plan, again, '/projects/toy/policy?ask=simulate', '/projects/toy/start']
        const labels = '/projects/toy/labels'
        const [decision] = (await logged({ databaseUrl: on.environment.SLIPWAY_DATABASE_URL ?? '' })).keys()
        const trace = `/v1/decisions/trace?${new URLSearchParams({ id: decision ?? '', project: 'toy' })}`
        const paths = ['/', '/projects/toy', release, `${release}/report`, history, labels, trace, rollback]
        for (const path of [...paths, ...trying, '/projects/none']) {
          await page.goto(`${service.url}${path}`)
          if (path === rollback) await page.getByRole('button', { name: 'Roll back' }).click({ trial: true })
          expect([path, await seriousFindings(page)]).toEqual([path, []])
          expect([path, await widerThanScreen(page)]).toEqual([path, false])
          const [, name] = /(history|labels|trace)\b/.exec(path) ?? []
          if (name !== undefined && colorScheme === 'light') await shoot(page, name)
        }
        await context.close()
      },
    )
  })
})
