import { releaseManifest } from '../contracts/schemas/index.js'
import type { GatePolicy, MonitorPolicy, PromotionPolicy, ReleaseManifest } from '../contracts/types.js'
import type { Project, TrainResult } from '../projects/project.js'

/** The same seed for every run, so that candidates differ only in data and parameters, which are both recorded. */
export const SEED = 20_260

/** What a run is judged by; gates and monitor are those of the project where they are absent. */
interface RunPolicies {
  readonly policy: PromotionPolicy
  readonly gates?: GatePolicy | undefined
  readonly monitor?: MonitorPolicy | Project['monitor'] | undefined
}

/** The release manifest: everything that a rollback restores. */
export function manifestOf(
  project: Project,
  snapshot: string,
  result: TrainResult,
  artifact: string,
  { policy, gates = project.gates, monitor = project.monitor }: RunPolicies,
): ReleaseManifest {
  return releaseManifest.parse({
    schema: 'slipway.release/1',
    project: project.name,
    snapshot,
    featureVersion: result.featureVersion,
    model: { artifact, format: result.format, kind: result.kind },
    actionPolicy: result.actionPolicy,
    gates,
    monitor,
    promotionPolicy: policy,
  })
}
