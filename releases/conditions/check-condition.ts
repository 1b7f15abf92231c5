/** One check of one condition: measured, decided, recorded. The calling workflow starts the release itself. */
import type { ConditionCheck, ConditionRequest } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import { isFuture } from '../../contracts/instants.js'
import { type ConditionRecord, conditionSubject, placeKey, suppressedKey } from '../../contracts/ledger/index.js'
import { conditionsPolicy } from '../../contracts/schemas/index.js'
import type { ConditionPolicy, ConditionsPolicy } from '../../contracts/types.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import type { Measured } from './condition-measured.js'
import { inputOf, recordsSince, releaseOf } from './condition-records.js'
import { measureDrift } from './measure-drift.js'
import { measureFreshness } from './measure-freshness.js'
import { measureQuality } from './measure-quality.js'
import { suppressionOf, underWay } from './suppression.js'

interface Needs {
  readonly registry: Registry
  readonly projects: ReadonlyMap<string, Project>
  /** Wall time in epoch ms. */
  readonly now: () => number
}

export function createCheckCondition({ registry, projects, now }: Needs) {
  /** @throws SlipwayError BadRequest for a condition that the project does not declare, or an instant in the future */
  return async ({ project: name, condition, at }: ConditionRequest): Promise<ConditionCheck> => {
    const project = requireProject(projects, name)
    const { policies, policy } = declaredBy(project, condition)
    const instant = Date.parse(at)
    if (isFuture(instant, now()))
      throw new SlipwayError(
        'BadRequest',
        `at is ${at}, which is in the future; a condition is checked as of an instant that has passed`,
      )
    // A repeated attempt finds what the first one recorded, and returns that decision.
    const before = (await recordsSince(registry, name, instant)).find(
      (one) => one.condition === condition && one.at === at,
    )
    if (before) return answerOf(project, policies, before)
    const { production } = await registry.aliases.current(name)
    const measured =
      production === null ? nothingToWatch(at) : await measure(registry, project, production, policy, instant)
    const { holds, ...found } = measured
    if (holds !== 'yes')
      return {
        ...found,
        condition,
        at,
        outcome: holds === 'no' ? 'quiet' : 'cannot_say',
        suppressed: null,
        release: null,
        start: null,
      }
    return answerOf(project, policies, await decide(registry, project, policies, { ...found, condition, policy, at }))
  }
}

const nothingToWatch = (at: string): Measured => ({
  holds: 'cannot_say',
  says: 'nothing is in production',
  numbers: {},
  window: { from: at, to: at },
})

function measure(registry: Registry, project: Project, production: string, policy: ConditionPolicy, at: number) {
  switch (policy.condition) {
    case 'quality':
      return measureQuality(registry, project, production, policy, at)
    case 'freshness':
      return measureFreshness(registry, production, policy, at)
    case 'drift':
      return measureDrift(registry, project.name, policy, at)
  }
}

type Fired = Omit<ConditionRecord, 'outcome' | 'suppressed' | 'release'>

/** Recorded before anything is started. Reads again if another check took the place in the day's limit meanwhile. */
async function decide(
  registry: Registry,
  project: Project,
  policies: ConditionsPolicy,
  fired: Fired,
): Promise<ConditionRecord> {
  const { name } = project
  const at = Date.parse(fired.at)
  const subject = conditionSubject(name, fired.condition)
  const release = releaseOf(name, fired)
  // What may suppress this release: starts within the cool-down, and those of the day.
  const recent = () => recordsSince(registry, name, at - Math.max(durationMs(fired.policy.coolDown), DAY_MS))
  for (;;) {
    const records = await recent()
    const runs = await underWay(registry, name, records, { at, release })
    const suppressed = suppressionOf({ ...fired, project: name }, fired.policy, policies, { runs, records }, at)
    const today = records.filter((one) => one.outcome === 'started' && utcDay(Date.parse(one.at)) === utcDay(at))
    const body: ConditionRecord = suppressed
      ? { ...fired, outcome: 'suppressed', suppressed, release: null }
      : { ...fired, outcome: 'started', suppressed: null, release }
    const key = suppressed ? suppressedKey(body, suppressed.by) : placeKey(fired.at, today.length + 1)
    try {
      await registry.ledger.append({ project: name, kind: 'condition', subject, key, body })
      return body
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.type !== 'BadRequest') throw error
      // An earlier check recorded the same suppressed release.
      if (suppressed) return body
      const newer = await recent()
      if (digestOf(newer) === digestOf(records)) throw error
    }
  }
}

function declaredBy({ name, triggers }: Project, condition: string) {
  if (triggers === undefined) throw new SlipwayError('BadRequest', `project ${name} declares no conditions`)
  const parsed = conditionsPolicy.safeParse(triggers)
  if (!parsed.success)
    throw new SlipwayError('BadRequest', `triggers of ${name} are malformed; run: slipway schedule apply`)
  const policy = parsed.data.conditions.find((one) => one.name === condition)
  if (policy) return { policies: parsed.data, policy }
  const known = parsed.data.conditions.map((one) => one.name).join(', ')
  throw new SlipwayError('BadRequest', `${name} has no condition "${condition}"; known: ${known}`)
}

function answerOf(project: Project, policies: ConditionsPolicy, record: ConditionRecord): ConditionCheck {
  const { policy: _, ...rest } = record
  return { ...rest, start: record.outcome === 'started' ? inputOf(project, policies, record) : null }
}
