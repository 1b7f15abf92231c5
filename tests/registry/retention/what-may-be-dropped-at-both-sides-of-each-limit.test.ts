/** What retention keeps, and why, from entries alone: both sides of each limit. */
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../contracts/canonical.js'
import { DAY_MS } from '../../../contracts/duration.js'
import type { EntryKind, LedgerEntry } from '../../../contracts/ledger/index.js'
import type { RetentionPolicy } from '../../../contracts/types.js'
import { retentionOf } from '../../../registry/index.js'
import { hashOf } from '../../../registry/ledger/entry-hash.js'
import { mentionsOf } from '../../../registry/retention/artifact-needs.js'
import { closingOf } from '../../../registry/retention/closings.js'
import { differenceFromClosing, reasonToKeep } from '../../../registry/retention/day-holds.js'
import { isOpen, needsDay, runsOf } from '../../../registry/retention/retained-runs.js'
import { keptMs } from '../../../registry/retention/retention-policy.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { manifestOf } from '../test-registry.js'

const NOON = Date.parse('2026-03-01T12:00:00Z')
const iso = (epochMs: number) => new Date(epochMs).toISOString()
const sha = (digit: string) => `sha256:${digit.repeat(64)}`

/** Entries of one project, in order, with their hashes. */
function ledger(...made: readonly (readonly [kind: EntryKind, subject: string, at: number, body: object])[]) {
  let prev: string | null = null
  return made.map(([kind, subject, at, body], index) => {
    const content = { project: 'toy', seq: index + 1, kind, subject, key: `${index}`, at: iso(at), prev }
    prev = hashOf({ ...content, body: canonicalJson(body) })
    return { ...content, body, hash: prev } as LedgerEntry
  })
}

const began = (run: string, at = NOON) =>
  ['trigger', run, at, { policy: { ...toyPolicy, labelHorizon: '2d' } }] as const
const ended = (run: string, at = NOON) => ['verdict', run, at, { workflowId: run, verdict: 'held' }] as const
const release = (id: string, run: string, model: string, snapshot: string, at = NOON) =>
  [
    'release',
    id,
    at,
    {
      workflowId: run,
      manifest: manifestOf('toy', 0.1, {
        model: { artifact: sha(model), format: 'toy-model/1', kind: 'network' },
        snapshot: sha(snapshot),
      }),
    },
  ] as const
const snapshot = (run: string, digest: string, data: string, at = NOON) =>
  ['snapshot', run, at, { digest: sha(digest), manifest: { data: sha(data) } }] as const
const moved = (alias: 'production' | 'canary', to: string | null, at = NOON) =>
  [
    'alias_move',
    alias,
    at,
    { alias, from: null, to, actor: 'a', reason: 'r', workflowId: null, evidence: null },
  ] as const
const evaluated = (run: string, releaseId: string, at = NOON) => ['evaluation', run, at, { releaseId }] as const

describe('a run', () => {
  it('is open until its verdict, and has a candidate once one is registered or evaluated', () => {
    expect(runsOf([])).toEqual([])
    const [open] = runsOf(ledger(began('r')))
    expect(open).toEqual({
      workflowId: 'r',
      startedAt: NOON,
      endedAt: null,
      hasRelease: false,
      labelHorizonMs: 2 * DAY_MS,
    })
    const [one] = runsOf(ledger(began('r'), release('v1', 'r', 'a', 'b'), ended('r', NOON + 5)))
    expect(one).toMatchObject({ hasRelease: true, endedAt: NOON + 5 })
    expect(runsOf(ledger(began('r'), evaluated('r', 'v1')))).toMatchObject([{ hasRelease: true, endedAt: null }])
    expect(runsOf(ledger(began('r'), snapshot('r', 'a', 'b')))).toMatchObject([{ hasRelease: false }])
    expect(open && isOpen(open)).toBe(true)
    expect(one && isOpen(one)).toBe(false)
    // Entries of what was never started make no run.
    expect(runsOf(ledger(release('v1', 'init/toy', 'a', 'b'), ended('other')))).toEqual([])
  })

  it('needs the days from its start on while it is open, and while its labels may be corrected', () => {
    const needs = (all: LedgerEntry[], day: string, now = NOON) => needsDay(runsOf(all), day, now)
    const running = ledger(began('r'))
    expect(needs(running, '2026-03-01')).toBe('r is open')
    expect(needs(running, '2026-02-28')).toBeUndefined()
    expect(needs(running, '2026-03-09')).toBe('r is open')
    const midnight = Date.parse('2026-03-02')
    expect(needs(ledger(began('r', midnight)), '2026-03-01')).toBeUndefined()
    expect(needs(ledger(began('r', midnight - 1)), '2026-03-01')).toBe('r is open')
    const over = ledger(began('r'), ended('r', midnight))
    const corrected = 'labels used by the verdict of r may still be corrected'
    expect(needs(over, '2026-03-02', midnight + 2 * DAY_MS - 1)).toBe(corrected)
    expect(needs(over, '2026-03-02', midnight + 2 * DAY_MS)).toBeUndefined()
    expect(needs(over, '2026-03-03', midnight + 1)).toBeUndefined()
    // The first that needs it is named, and one that does not hides none.
    expect(needs(ledger(began('q'), ended('q'), began('r')), '2026-03-01', NOON + 3 * DAY_MS)).toBe('r is open')
  })
})

describe('a policy', () => {
  const needed = { ...toyPolicy, deadline: '10d', extendBy: '3d', maxExtensions: 2, labelHorizon: '36h' }
  const of = (decisions: string, changes: object = {}) => {
    const policy = { ...needed, probation: { ...toyPolicy.probation, lasts: '4d' }, ...changes }
    const retention = { decisions, artifacts: { keepReleases: 1, keepFor: '1d' } }
    return () => retentionOf({ name: 'toy', policy, retention }).decisions
  }

  it('keeps decisions as long as a release may need them: deadline, extensions, probation and two horizons', () => {
    // 10 + 2 · 3 + 4 + 2 · 1.5
    expect(of('23d')()).toBe('23d')
    expect(of('22d')).toThrow('may need them for 23d')
    // Rounded up to whole days.
    expect(of('23d', { labelHorizon: '37h' })).toThrow('may need them for 24d')
    expect(of('24d', { labelHorizon: '37h' })()).toBe('24d')
    expect(of('forever')()).toBe('forever')
    expect([keptMs('forever'), keptMs('2d')]).toEqual([Number.POSITIVE_INFINITY, 2 * DAY_MS])
  })

  it('has a default of 400 days, or what the longest release needs', () => {
    const byDefault = (deadline: string) =>
      retentionOf({
        name: 'toy',
        policy: { ...needed, deadline, labelHorizon: '1d', probation: { ...toyPolicy.probation, lasts: '4d' } },
      }).decisions
    // 6 + 4 + 2 more than the deadline.
    expect([byDefault('388d'), byDefault('389d')]).toEqual(['400d', '401d'])
  })
})

describe('a day', () => {
  const DAY = '2026-03-01'
  const stored = { day: DAY, tables: new Set(['decisions', 'outcomes'] as const) }
  const over = Date.parse(DAY) + DAY_MS
  const policy = (decisions: string): RetentionPolicy => ({ decisions, artifacts: { keepReleases: 1, keepFor: '1d' } })
  const closed = (table: 'decisions' | 'outcomes', more: object = {}, day = DAY) =>
    ['day_closed', table, NOON, { project: 'toy', table, day, rows: 1, digest: sha('a'), ...more }] as const
  const closedDay = ledger(closed('decisions'), closed('outcomes'))
  const keep = ({
    counts = { toy: { decisions: 1, outcomes: 1 } },
    policies = { toy: policy('10d') },
    entries = closedDay,
    now = over + 10 * DAY_MS,
    project,
  }: {
    counts?: Parameters<typeof reasonToKeep>[1]
    policies?: Readonly<Record<string, RetentionPolicy>>
    entries?: LedgerEntry[]
    now?: number
    project?: string
  } = {}) =>
    reasonToKeep(stored, counts, {
      ledgers: new Map([
        ['toy', entries],
        ['alpha', closedDay],
      ]),
      request: { policies: new Map(Object.entries(policies)), ...(project === undefined ? {} : { project }) },
      now,
    })

  it('is kept until the policy of each project with rows on it lets it go', () => {
    expect(keep()).toBeUndefined()
    expect(keep({ now: over + 10 * DAY_MS - 1 })).toBe('toy keeps decisions for 10d')
    expect(keep({ policies: { toy: policy('forever') } })).toBe('toy keeps decisions forever')
    expect(keep({ policies: {} })).toBe('it contains rows of toy, which is not loaded here')
    const two = { toy: { decisions: 1 }, other: { decisions: 1 } }
    expect(keep({ counts: two, policies: { toy: policy('10d'), other: policy('11d') } })).toBe(
      'other keeps decisions for 11d',
    )
    expect(keep({ counts: two, policies: { toy: policy('10d'), other: policy('1d') }, project: 'toy' })).toBe(
      'it also contains rows of other; prune without --project',
    )
    expect(keep({ project: 'toy' })).toBeUndefined()
    // In order of their names, each of them.
    const three = { toy: { decisions: 1 }, alpha: { decisions: 1 } }
    expect(keep({ counts: three, policies: {} })).toBe('it contains rows of alpha, which is not loaded here')
    expect(keep({ counts: three, policies: { alpha: policy('1d'), toy: policy('11d') } })).toBe(
      'toy keeps decisions for 11d',
    )
  })

  it('without rows is kept as long as the project that keeps longest', () => {
    const policies = { toy: policy('3d'), other: policy('10d') }
    const empty = 'it is empty, and not older than the projects keep decisions'
    expect(keep({ counts: {}, policies, now: over + 10 * DAY_MS - 1 })).toBe(empty)
    expect(keep({ counts: {}, policies })).toBeUndefined()
  })

  it('is kept until each table that has rows is closed, and while a run needs it', () => {
    const [ofDecisions] = closedDay
    const half = ofDecisions ? [ofDecisions] : []
    expect(keep({ entries: half })).toBe('outcomes of toy are not closed yet')
    expect(keep({ entries: half, counts: { toy: { decisions: 1 } } })).toBeUndefined()
    expect(keep({ entries: [] })).toBe('decisions of toy are not closed yet')
    // The ledger of a project that has never been read.
    expect(keep({ counts: { other: { decisions: 1 } }, policies: { other: policy('1d') } })).toBe(
      'decisions of other are not closed yet',
    )
    expect(keep({ entries: ledger(began('r'), closed('decisions'), closed('outcomes')) })).toBe('r is open')
  })

  it('has the closing of its newest digest version', () => {
    const all = ledger(
      closed('decisions', { digestVersion: 2, digest: sha('b') }),
      closed('decisions'),
      closed('outcomes', { digest: sha('c') }),
      closed('decisions', { digestVersion: 2, digest: sha('d') }, '2026-03-02'),
    )
    const digestOf = (table: 'decisions' | 'outcomes', day: string) => closingOf(all, table, day)?.body.digest
    expect([digestOf('decisions', DAY), digestOf('outcomes', DAY)]).toEqual([sha('b'), sha('c')])
    expect([digestOf('decisions', '2026-03-02'), digestOf('outcomes', '2026-03-02')]).toEqual([sha('d'), undefined])
    expect(closingOf(all.toReversed(), 'decisions', DAY)?.body.digest).toBe(sha('b'))
  })

  it('that differs from its closing, or whose closing was changed, is kept as evidence', async () => {
    const asked: unknown[] = []
    const differs = (entries: LedgerEntry[], found: Readonly<Record<string, string>>) =>
      differenceFromClosing(
        {
          digestDay: async (of, version) => {
            asked.push([of.table, version])
            return { rows: 1, digest: found[of.table] ?? '' }
          },
        },
        stored,
        { toy: { decisions: 1, outcomes: 1 } },
        new Map([['toy', entries]]),
      )
    expect(await differs(closedDay, { decisions: sha('a'), outcomes: sha('a') })).toBeUndefined()
    expect(asked).toEqual([
      ['decisions', 1],
      ['outcomes', 1],
    ])
    const wrong = (table: string) => `${table} of toy differ from their closing; run: slipway registry verify`
    expect(await differs(closedDay, { decisions: sha('a'), outcomes: sha('b') })).toBe(wrong('outcomes'))
    expect(await differs(closedDay, { decisions: sha('b'), outcomes: sha('a') })).toBe(wrong('decisions'))
    const changed = closedDay.map((entry) => ({ ...entry, hash: sha('0') }))
    expect(await differs(changed, { decisions: sha('a'), outcomes: sha('a') })).toBe(wrong('decisions'))
    expect(await differs([], {})).toBeUndefined()
    expect(
      await differenceFromClosing(
        { digestDay: async () => ({ rows: 0, digest: '' }) },
        stored,
        { other: { decisions: 1 } },
        new Map(),
      ),
    ).toBeUndefined()
  })
})

describe('an artifact', () => {
  const policy: RetentionPolicy = { decisions: '400d', artifacts: { keepReleases: 1, keepFor: '5d' } }
  /** Reasons by digest, long after `keepFor` unless `now` says otherwise. */
  const why = (entries: LedgerEntry[], digit: string, { now = NOON + 9 * DAY_MS, policies = [policy] } = {}) =>
    mentionsOf(entries, policies[0], now).get(sha(digit))?.why

  /** Three finished runs with a model (1, 2, 3), a snapshot (a, b, c) and its rows (d, e, f) each. */
  const three = (['1', '2', '3'] as const).flatMap((number, index) => {
    const run = `run-${number}`
    const [digest, data] = ['abc'.charAt(index), 'def'.charAt(index)]
    return [
      began(run),
      snapshot(run, digest, data),
      release(`v${number}`, run, number, digest),
      evaluated(run, `v${number}`),
      ended(run),
    ] as const
  })

  it('is dropped when no rule keeps it: its release, its rows and what its run printed alike', () => {
    const entries = ledger(...three)
    expect(['1', 'd', '2', 'e'].map((digit) => why(entries, digit))).toEqual(Array(4).fill(undefined))
    expect(['3', 'f'].map((digit) => why(entries, digit))).toEqual(Array(2).fill('one of the last 1 releases'))
    const mention = mentionsOf(entries, policy, NOON + 9 * DAY_MS).get(sha('1'))
    expect(mention).toMatchObject({ what: 'model of v1', seq: 3 })
  })

  it('of no entry is none', () => {
    expect(mentionsOf([], policy, NOON).size).toBe(0)
  })

  it('is kept for the first reason, also where a later entry names it without one', () => {
    const printed = (run: string) => ['training_run', run, NOON, { artifact: sha('5') }] as const
    const named = ledger(...three, began('open'), release('v4', 'open', '4', '9'), printed('open'), printed('run-1'))
    expect(why(named, '5')).toBe('an open run needs v4')
  })

  it('of two releases is kept while one of them is needed', () => {
    const second = [began('again'), release('v4', 'again', '1', 'a'), ended('again')] as const
    expect(why(ledger(...three, ...second, moved('production', 'v4')), '1')).toBe('v4 is production')
  })

  it('of a run with two releases is kept while one of them is needed', () => {
    const printed = ['training_run', 'again', NOON, { artifact: sha('5') }] as const
    const two = [release('v4', 'again', '6', 'a'), release('v5', 'again', '7', 'a')] as const
    const entries = ledger(...three, began('again'), ...two, printed, ended('again'), moved('production', 'v5'))
    expect(why(entries, '5')).toBe('v5 is production')
  })

  it('that another run imported is kept with the release that was trained on it', () => {
    const shared = [began('imports'), snapshot('imports', '7', '8'), ended('imports')] as const
    const trains = [began('trains'), release('v4', 'trains', '4', '7'), ended('trains')] as const
    expect(why(ledger(...shared, ...trains, ...three, moved('production', 'v4')), '8')).toBe('v4 is production')
  })

  it('is kept within keepFor of the newest entry that names it', () => {
    const entries = ledger(...three)
    expect(why(entries, '1', { now: NOON + 5 * DAY_MS - 1 })).toBe('named within 5d')
    expect(why(entries, '1', { now: NOON + 5 * DAY_MS })).toBeUndefined()
    const again = ledger(...three, ['training_run', 'run-1', NOON + DAY_MS, { artifact: sha('1') }])
    expect(why(again, '1', { now: NOON + 5 * DAY_MS })).toBe('named within 5d')
    expect(mentionsOf(again, policy, NOON).get(sha('1'))).toMatchObject({ what: 'model of v1', seq: 16 })
  })

  it('of production, of the canary, and of the last in production is kept', () => {
    const entries = ledger(...three, moved('production', 'v1'), moved('canary', 'v2'))
    expect([why(entries, '1'), why(entries, 'd'), why(entries, '2')]).toEqual([
      'v1 is production',
      'v1 is production',
      'v2 is canary',
    ])
    const closed = ledger(...three, moved('production', 'v1'), moved('canary', 'v2'), moved('canary', null))
    expect(why(closed, '2')).toBeUndefined()
    // Other entries about a subject of that name are no moves.
    const named = ['training_run', 'production', NOON, { artifact: sha('5') }] as const
    expect(why(ledger(...three, moved('production', 'v1'), named), '1')).toBe('v1 is production')
    expect(why(ledger(...three, moved('production', 'v1'), moved('production', null)), '1')).toBe(
      'one of the last 1 in production',
    )
    const moves = [moved('production', 'v2'), moved('production', 'v1'), moved('production', 'v2')]
    const twoKept = { ...policy, artifacts: { ...policy.artifacts, keepReleases: 2 } }
    expect(why(ledger(...three, ...moves), '1')).toBeUndefined()
    const last = why(ledger(...three, ...moves), '1', { policies: [twoKept] })
    expect(last).toBe('one of the last 2 in production')
    expect(why(ledger(...three), '2', { policies: [twoKept] })).toBe('one of the last 2 releases')
    expect(why(ledger(...three), '1', { policies: [twoKept] })).toBeUndefined()
  })

  it('that an open run names, or was compared with, is kept', () => {
    const open = [began('open'), release('v4', 'open', '4', '9')] as const
    const named = ledger(...three, ...open, evaluated('open', 'v1'))
    expect(why(named, '1')).toBe('an open run needs v1')
    // In production since it began, also before and after.
    const beside = ledger(...three, moved('production', 'v1'), ...open, moved('production', 'v3'))
    expect(why(beside, '1')).toBe('an open run needs v1')
    expect(why(ledger(...three, ...open), '1')).toBeUndefined()
    const before = ledger(...three, moved('production', 'v1'), moved('production', 'v3'), ...open)
    expect(why(before, '1')).toBeUndefined()
    const meanwhile = ledger(
      ...three,
      moved('production', 'v1'),
      began('open'),
      moved('production', 'v3'),
      ...open.slice(1),
    )
    expect(why(meanwhile, '1')).toBe('an open run needs v1')
    const canary = ledger(...three, ...open, moved('canary', 'v2'), moved('canary', null), evaluated('open', 'v3'))
    expect(why(canary, '2')).toBeUndefined()
    const other = ['training_run', 'production', NOON, { to: 'v2' }] as const
    expect(why(ledger(...three, ...open, other), '2')).toBeUndefined()
    // What its trainer printed, before it names a release.
    const printed = ledger(...three, ...open, ['training_run', 'open', NOON, { artifact: sha('5') }])
    expect(why(printed, '5')).toBe('an open run needs v4')
    const ended_ = ledger(...three, ...open, evaluated('open', 'v1'), ended('open'))
    expect(why(ended_, '1')).toBeUndefined()
  })

  it('is kept while a run that has no candidate yet may write the same bytes', () => {
    const starting = ledger(...three, began('starting'))
    expect(why(starting, '1')).toBe('starting may be writing the same bytes again')
    const own = ledger(...three, began('starting'), ['training_run', 'starting', NOON, { artifact: sha('5') }])
    expect(why(own, '5')).toBe('starting is open')
    expect(why(ledger(...three, began('starting'), ended('starting')), '1')).toBeUndefined()
  })

  it('of a project that is not loaded is kept', () => {
    const none = { policies: [] as RetentionPolicy[] }
    expect(why(ledger(snapshot('x', 'a', 'd')), 'd', none)).toBe('project toy is not loaded here')
    // All of its releases count as the last ones.
    expect(why(ledger(...three), '1', none)).toMatch(/^one of the last Infinity releases/)
  })

  it('of a tuple that was trained again belongs to the release of both runs', () => {
    const second = [began('again'), snapshot('again', 'a', 'd'), evaluated('again', 'v1'), ended('again')] as const
    const printed = ['training_run', 'again', NOON, { artifact: sha('6') }] as const
    const entries = ledger(...three, ...second, printed, moved('production', 'v1'))
    expect(why(entries, '6')).toBe('v1 is production')
  })
})
