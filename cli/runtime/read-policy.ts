/** Reads a policy file named on the command line. */

import { SlipwayError } from '../../contracts/failure.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { gatePolicy, monitorPolicy } from '../../contracts/schemas/index.js'
import type { GatePolicy, MonitorPolicy, PromotionPolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import { changedPolicy, isPlain, merge } from '../../releases/policy/change-policy.js'
import { readJson } from './read-json.js'

/**
 * The file holds the fields to change in `base`, or a whole policy if `base` is undefined. Unknown keys are refused.
 */
export const readPolicy = (file: string, base: PromotionPolicy | undefined): PromotionPolicy =>
  changedPolicy(base, readJson(file, 'policy file'), `policy ${file}`)

interface RunPolicies {
  readonly policy: PromotionPolicy
  readonly gates?: GatePolicy
  readonly monitor?: MonitorPolicy
}

/**
 * The policies of one run: a file with the fields to change, and with `gates` and `monitor`, of which thresholds are
 * changed by name. A gate or signal that the project does not have would never be evaluated, so it is refused.
 * @throws SlipwayError BadRequest
 */
export function readRunPolicies(file: string, project: Pick<Project, 'policy' | 'gates' | 'monitor'>): RunPolicies {
  const written = readJson(file, 'policy file')
  const { gates, monitor, ...fields } = isPlain(written) ? written : {}
  const changes = isPlain(written) ? fields : written
  const policy = changedPolicy(project.policy, changes, `policy ${file}`, ['gates', 'monitor'])
  return {
    policy,
    ...(gates === undefined ? {} : { gates: gatesOf(file, project.gates, gates) }),
    ...(monitor === undefined ? {} : { monitor: monitorOf(file, project.monitor, monitor) }),
  }
}

function gatesOf(file: string, own: GatePolicy, changes: unknown): GatePolicy {
  const merged = parseOrRefuse(gatePolicy, merge(own, changes), `policy ${file}: gates`)
  const unknown = Object.keys(merged.thresholds).filter((name) => !Object.hasOwn(own.thresholds, name))
  if (unknown.length > 0) throw refused(file, `gates.thresholds has ${unknown.join(', ')}`, Object.keys(own.thresholds))
  const dropped = own.required.filter((name) => !merged.required.includes(name))
  if (dropped.length > 0) throw refused(file, `gates.required lacks ${dropped.join(', ')}`, own.required)
  return merged
}

function monitorOf(file: string, own: Project['monitor'], changes: unknown): MonitorPolicy {
  const { signals = [], ...rest } = isPlain(changes) ? changes : {}
  if (!isPlain(changes) || !Array.isArray(signals))
    throw new SlipwayError('BadRequest', `policy ${file}: monitor must be an object with a list of signals`)
  const byName = new Map<unknown, Record<string, unknown>>(
    signals.filter(isPlain).map((signal) => [signal.name, signal]),
  )
  const known = own.signals.map(({ name }) => name)
  const unknown = [...byName.keys()].filter((name) => !known.some((one) => one === name))
  if (unknown.length > 0 || byName.size < signals.length)
    throw refused(file, `monitor.signals has ${unknown.join(', ') || 'a signal twice or none'}`, known)
  const merged = own.signals.map((signal) => merge(signal, byName.get(signal.name) ?? {}))
  return parseOrRefuse(monitorPolicy, { ...own, ...rest, signals: merged }, `policy ${file}: monitor`)
}

const refused = (file: string, problem: string, known: readonly string[]) =>
  new SlipwayError('BadRequest', `policy ${file}: ${problem}; the project has ${known.join(', ')}`)
