/** A real registry with the watched project in production, and live decisions as a test needs them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConditionCheck } from '../../../contracts/activities.js'
import type { ConditionsPolicy, ReleaseInput } from '../../../contracts/types.js'
import type { Project } from '../../../projects/project.js'
import { createArtifactStore, openRegistry, type Registry } from '../../../registry/index.js'
import { createCheckCondition } from '../../../releases/conditions/check-condition.js'
import { initProject } from '../../../releases/init-project.js'
import { testDatabase } from '../../support/database.js'
import { project, triggers } from '../../watched-project/index.js'

export const DAY = 86_400_000
export const iso = (epochMs: number): string => new Date(epochMs).toISOString()

export interface Watched {
  readonly registry: Registry
  readonly production: string
  /** Midnight, the given number of days after the baseline became production, a month ago. */
  day(after: number): number
  check(condition: string, at: number, changed?: Partial<ConditionsPolicy>): Promise<ConditionCheck>
  /** Spread over one day, with this mean loss. By default the baseline decides, and each decision has a label. */
  decisions(
    day: number,
    count: number,
    of: { loss?: number; x?: number; labelled?: number; release?: string },
  ): Promise<void>
  /** Records what the workflow records when it begins, and when it ends. */
  begins(start: ReleaseInput): Promise<string>
  ends(workflowId: string): Promise<void>
  close(): Promise<void>
}

let batch = 0

/** Each test has its own database. */
export async function openWatched(): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  const artifactsFolder = join(folder, 'artifacts')
  // The baseline became production a month ago, so that tests have a month of event time.
  const began = Date.now() - 30 * DAY
  const database = await testDatabase()
  // The ledger's clock follows the checks.
  let ledgerNow = began
  const options = { databaseUrl: database.url, artifactsFolder, now: () => ledgerNow, poolSize: 4 }
  const registry = await openRegistry(options)
  const deps = { registry, artifacts: createArtifactStore(artifactsFolder), workFolder: folder }
  const { releaseId } = await initProject(deps, project, 'test')
  const started = Math.ceil(began / DAY) * DAY
  return {
    registry,
    production: releaseId,
    day: (after) => started + after * DAY,
    check(condition, at, changed = {}) {
      ledgerNow = Math.max(ledgerNow, at)
      const stated = { ...project, triggers: { ...triggers, ...changed } } as Project
      const projects = new Map([['toy', stated]])
      return createCheckCondition({ registry, projects, now: () => at })({ project: 'toy', condition, at: iso(at) })
    },
    async decisions(day, count, { loss = 0, x = 0, labelled = count, release = releaseId }) {
      batch += 1
      const ids = Array.from({ length: count }, (_, index) => `${batch}-${index}`)
      const at = (index: number) => day + (index * DAY) / count
      await registry.evidence.recordDecisions(
        'toy',
        ids.map((decisionId, index) => ({
          decisionId,
          workflowId: '',
          releaseId: release,
          arm: 'production',
          entityHash: 'e',
          eventAt: at(index),
          output: { probability: 0.2 },
          action: 'none',
          source: 'live',
          input: { x, z: 0 },
        })),
      )
      // Half of the losses are one point higher, half one point lower, so that the mean has a standard error.
      await registry.evidence.recordOutcomes(
        'toy',
        ids.slice(0, labelled).map((decisionId, index) => ({
          decisionId,
          version: 1,
          label: 0,
          loss: loss + (index % 2 === 0 ? 1 : -1),
          observedAt: at(index) + 1,
        })),
      )
    },
    async begins(input) {
      const { project: of, id } = input.trigger
      const subject = `release/${of}/${id}`
      await registry.ledger.append({
        project: of,
        kind: 'trigger',
        subject,
        key: `${subject}:trigger`,
        body: { ...input },
      })
      return subject
    },
    async ends(subject) {
      const about = { project: 'toy', workflowId: subject, releaseId: null, detail: 'It did not improve.' }
      const body = { schema: 'slipway.verdict/1', verdict: 'held', reason: 'hold:cost_improves', ...about } as const
      await registry.ledger.append({ project: 'toy', kind: 'verdict', subject, key: `${subject}:verdict`, body })
    },
    async close() {
      await registry.close()
      await database.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const recorded = async ({ registry }: Pick<Watched, 'registry'>) =>
  (await registry.ledger.entries('toy', { kind: 'condition' })).map(({ body }) => body)

export const startOf = ({ start }: ConditionCheck): ReleaseInput => {
  if (start === null) throw new Error('it started nothing')
  return start
}
