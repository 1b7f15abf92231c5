import fc from 'fast-check'
import { DAY_MS } from '../../../contracts/duration.js'
import type { Trace } from '../../../serving/index.js'
import { ledgerOf } from '../invariants/ledger-problems.js'
import { type Model, pick } from '../sequence-model.js'
import { jump, settle } from '../settle.js'
import { eventsBetween } from '../system/sequence-project.js'
import type { SequenceSystem } from '../system/sequence-system.js'
import { type Step, step } from './step.js'

interface Answer {
  readonly decisionId: string
  readonly releaseId: string
  readonly arm: 'production' | 'canary' | 'holdback'
}

const EVENTS = [...eventsBetween(Date.parse('2001-01-14T00:00:00Z'), Date.parse('2001-01-14T00:00:00Z') + 3 * DAY_MS)]

const AT_ONCE = 20

/** Live requests over HTTP; each must be answered by a release that the ledger names. */
export const asking: fc.Arbitrary<Step> = fc
  .constantFrom(1, 10, 40)
  .map((questions) => step(`ask(${questions} times)`, (model, system) => ask(model, system, questions)))

export async function ask(model: Model, system: SequenceSystem, questions: number): Promise<void> {
  const answers: Answer[] = []
  while (answers.length < questions) {
    const asked = Array.from({ length: Math.min(AT_ONCE, questions - answers.length) }, async () => {
      const event = EVENTS[model.asked % EVENTS.length]
      model.asked += 1
      const body = { entityKey: `parcel-${model.asked}`, input: event?.input, decisionId: `d${model.asked}` }
      const answer = (await system.post(`/v1/projects/${system.project}/decisions`, body)) as Answer
      return { answer, label: Number(event?.label ?? 0) }
    })
    for (const { answer, label } of await Promise.all(asked)) {
      answers.push(answer)
      model.decided.push({ decisionId: answer.decisionId, label, labelled: false })
    }
  }
  const { everProduction, everCanary } = ledgerOf(await system.registry.ledger.entries(system.project))
  for (const { arm, releaseId, decisionId } of answers) {
    if ((arm === 'canary' ? everCanary : everProduction).has(releaseId)) continue
    throw new Error(`${decisionId} was answered by ${releaseId} as ${arm}, which the ledger does not record`)
  }
}

/** Labels of earlier decisions; a part of them arrives with a later step or never. */
export const labelling: fc.Arbitrary<Step> = fc
  .record({ share: fc.constantFrom(0.5, 1, 1), again: fc.boolean(), corrected: fc.boolean() })
  .map((how) =>
    step(
      `label(${JSON.stringify(how)})`,
      (model, system) => label(model, system, how),
      ({ decided }) => decided.length > 0,
    ),
  )

export async function label(
  { decided }: Model,
  system: SequenceSystem,
  { share, again, corrected }: { share: number; again: boolean; corrected: boolean },
): Promise<void> {
  const open = decided.filter(({ labelled }) => !labelled)
  const known = open.slice(0, Math.ceil(open.length * share))
  if (known.length === 0) return
  const observedAt = new Date(await system.clock.tick()).toISOString()
  const deliver = async (of: (label: number) => number) =>
    (await system.post(
      `/v1/projects/${system.project}/outcomes`,
      known.map((decision) => ({ decisionId: decision.decisionId, label: of(decision.label), observedAt })),
    )) as { accepted: number; duplicates: number; corrections: number; rejected: unknown[] }
  const took = await deliver((truth) => truth)
  if (took.accepted !== known.length) throw new Error(`${known.length} labels: ${JSON.stringify(took)}`)
  for (const decision of known) decision.labelled = true
  if (again) {
    const { duplicates } = await deliver((truth) => truth)
    if (duplicates !== known.length) throw new Error(`${known.length} labels again: ${duplicates} duplicates`)
  }
  if (corrected) {
    const { corrections } = await deliver((truth) => 1 - truth)
    if (corrections !== known.length) throw new Error(`${known.length} corrections: ${corrections} taken`)
  }
}

/** Days of live traffic: decisions, their labels, and then the day passes. */
export const livingDays: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 4 }).map((days) =>
  step(`live(${days} days)`, async (model, system) => {
    for (let day = 0; day < days; day += 1) {
      await ask(model, system, 60)
      await label(model, system, { share: 1, again: false, corrected: false })
      await jump(model, system, DAY_MS)
      await settle(model, system)
    }
  }),
)

/** Traces a decision to its evidence, recomputing every digest. */
export const tracing: fc.Arbitrary<Step> = fc.nat(999).map((number) =>
  step(
    `trace(${number})`,
    async ({ decided }, system) => {
      const id = pick(decided, number)?.decisionId
      const found = (await system.get(`/v1/decisions/${id}/trace?project=${system.project}`)) as Trace
      // The alias is looked up at the database's time of writing, which does not follow skipped time.
      const broken = found.links.filter(({ name, status }) => status === 'broken' && name !== 'alias')
      if (broken.length > 0) throw new Error(`the trace of ${id} is broken: ${JSON.stringify(broken)}`)
    },
    ({ decided }) => decided.length > 0,
  ),
)
