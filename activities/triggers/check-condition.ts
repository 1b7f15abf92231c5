/** One look at one condition: measured, decided, recorded. The release itself is started by the workflow that asked. */

import type { ConditionCheck, ConditionRequest } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import { utcDay } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import { type ConditionRecord, conditionSubject, placeKey, suppressedKey } from '../../contracts/ledger/index.js'
import { conditionsPolicy } from '../../contracts/schemas/index.js'
import type { ConditionPolicy, ConditionsPolicy } from '../../contracts/types.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import type { Measured } from '../../releases/condition-measured.js'
import { inputOf, recordsOf, releaseOf } from '../../releases/condition-records.js'
import type { Dependencies } from '../dependencies.js'
import { measureDrift } from './drift.js'
import { measureFreshness } from './freshness.js'
import { measureQuality } from './quality.js'
import { suppressionOf } from './suppression.js'

type Deps = Pick<Dependencies, 'registry' | 'projects' | 'now'>

export function createCheckCondition({ registry, projects, now }: Deps) {
  /** @throws SlipwayError BadRequest for a condition the project does not state, or an instant to come */
  return async ({ project: name, condition, at }: ConditionRequest): Promise<ConditionCheck> => {
    const project = requireProject(projects, name)
    const { policies, policy } = statedBy(project, condition)
    const instant = Date.parse(at)
    if (!(instant <= now() + CLOCKS_DIFFER_MS))
      throw new SlipwayError('BadRequest', `at is ${at}; a condition is looked at for an instant that has come`)
    // An attempt that was repeated after it had recorded: what was decided stands.
    const before = (await recordsOf(registry, name)).find((one) => one.condition === condition && one.at === at)
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

/** The server that names the instant and this machine. */
const CLOCKS_DIFFER_MS = 60_000

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

/** Recorded before anything is started; read again whenever somebody else took the place meanwhile. */
async function decide(
  registry: Registry,
  project: Project,
  policies: ConditionsPolicy,
  fired: Fired,
): Promise<ConditionRecord> {
  const { name } = project
  const at = Date.parse(fired.at)
  const subject = conditionSubject(name, fired.condition)
  for (;;) {
    const [runs, records] = await Promise.all([registry.runs.list(name), recordsOf(registry, name)])
    const suppressed = suppressionOf({ ...fired, project: name }, fired.policy, policies, { runs, records }, at)
    const today = records.filter((one) => one.outcome === 'started' && utcDay(Date.parse(one.at)) === utcDay(at))
    const body: ConditionRecord = suppressed
      ? { ...fired, outcome: 'suppressed', suppressed, release: null }
      : { ...fired, outcome: 'started', suppressed: null, release: releaseOf(name, fired) }
    const key = suppressed ? suppressedKey(body, suppressed.by) : placeKey(fired.at, today.length + 1)
    try {
      await registry.ledger.append({ project: name, kind: 'condition', subject, key, body })
      return body
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.type !== 'BadRequest') throw error
      // The same firing was recorded at an earlier look.
      if (suppressed) return body
      const newer = await recordsOf(registry, name)
      if (digestOf(newer) === digestOf(records)) throw error
    }
  }
}

function statedBy({ name, triggers }: Project, condition: string) {
  if (triggers === undefined) throw new SlipwayError('BadRequest', `project ${name} states no conditions`)
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
