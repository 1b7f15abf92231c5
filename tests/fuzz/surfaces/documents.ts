/** Manifests, bodies of ledger entries, policies and evidence, as files and requests bring them. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { z } from 'zod'
import { canonicalJson, digestOf } from '../../../contracts/canonical.js'
import { durationMs } from '../../../contracts/duration.js'
import { ENTRY_SCHEMAS } from '../../../contracts/ledger/index.js'
import type { EntryKind } from '../../../contracts/ledger/kinds.js'
import { parseOrRefuse } from '../../../contracts/parse.js'
import { evidence as evidenceSchema, promotionPolicy } from '../../../contracts/schemas/index.js'
import { judge, looksBetween, nextLook } from '../../../judge/index.js'
import { project as eta } from '../../../projects/eta/index.js'
import { project as forecast } from '../../../projects/forecast/index.js'
import { project as ranking } from '../../../projects/ranking/index.js'
import { project as vision } from '../../../projects/vision/index.js'
import { neededPerDay } from '../../../releases/reachable-labels.js'
import { releaseInputOf } from '../../../releases/release-input.js'
import { verdictTimes } from '../../../releases/verdict-times.js'
import { DEADLINE, evidence, onDays } from '../../judge/support.js'
import { pairedShadowPolicy, toyPolicy } from '../../toy-project/policy.js'
import { changedJson } from '../mutate.js'
import { surface } from '../surface.js'

const POLICIES = [eta, forecast, ranking, vision].map(({ policy }) => policy)

interface Line {
  readonly kind: EntryKind
  readonly body: string
}
const ledger = readFileSync(new URL('../../registry/ledger-of-an-earlier-build.jsonl', import.meta.url), 'utf8')
const entries = ledger
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Line)
const kinds = [...new Set(entries.map(({ kind }) => kind))].filter((kind) => kind in ENTRY_SCHEMAS)

export const manifests = surface({
  name: 'manifests and bodies of entries',
  share: 10,
  cases: fc.constantFrom(...kinds).chain((kind) => {
    const bodies = entries.filter((entry) => entry.kind === kind).map(({ body }) => JSON.parse(body) as unknown)
    return fc.tuple(fc.constant(kind), changedJson(bodies))
  }),
  run([kind, body]) {
    const schema: z.ZodType = ENTRY_SCHEMAS[kind]
    const parsed: unknown = parseOrRefuse(schema, body, kind)
    // What is accepted is hashed.
    digestOf(parsed)
    return canonicalJson(parsed).includes('"__proto__"') ? 'refused' : 'taken'
  },
})

const OPENED = Date.parse('2026-01-01T12:00:00Z')
const trigger = {
  id: 'fuzz',
  kind: 'cli',
  by: 'fuzz',
  at: '2026-01-01T12:00:00.000Z',
  cutoff: '2026-01-01T00:00:00.000Z',
  parameters: {},
} as const

export const policies = surface({
  name: 'policies and evidence',
  share: 10,
  cases: fc.tuple(
    changedJson([...POLICIES, toyPolicy, pairedShadowPolicy]),
    changedJson([evidence(onDays({ lossSum: 290, lossSumSquares: 290 }))]),
    fc.boolean(),
  ),
  run([written, given, sound]) {
    const policy = parseOrRefuse(promotionPolicy, written, 'policy')
    const input = releaseInputOf({ ...trigger, project: eta, policy })
    // What a release computes from it, up to its last deadline.
    const { promoted } = verdictTimes(input)
    const deadline = OPENED + durationMs(policy.deadline) + policy.maxExtensions * durationMs(policy.extendBy)
    for (const instant of [promoted + OPENED, deadline]) new Date(instant).toISOString()
    neededPerDay(policy)
    const at = { opened: OPENED, every: durationMs(policy.lookEvery), after: OPENED }
    looksBetween({ ...at, until: deadline })
    new Date(nextLook(at)).toISOString()
    judge(policy, evidence(onDays({})), DEADLINE)
    if (!sound) judge(policy, parseOrRefuse(evidenceSchema, given, 'evidence'), DEADLINE)
    return 'taken'
  },
})
