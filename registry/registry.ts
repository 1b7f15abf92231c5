/**
 * The registry: one small interface per area. Times are ISO strings in UTC, unless a comment or a name in …Ms says
 * otherwise.
 */
import type { AliasesArea } from './aliases/aliases-area.js'
import type { EvidenceArea } from './evidence/evidence-area.js'
import type { ExposureArea } from './exposure/exposure-area.js'
import type { FleetArea } from './fleet/fleet-area.js'
import type { LabelsArea } from './labels/labels-area.js'
import type { LaneArea } from './lane/lane-area.js'
import type { LedgerArea } from './ledger/ledger-area.js'
import type { NoticesArea } from './notices/notices-area.js'
import type { ReleasesArea } from './releases/releases-area.js'
import type { RetentionArea } from './retention/retention-area.js'
import type { RunsArea } from './runs/runs-area.js'

export interface RegistryStatus {
  /** False when the connection may not use the role slipway_app: then only triggers keep the tables append-only. */
  readonly roles: boolean
  readonly user: string
  readonly serverVersion: string
}

export interface Registry {
  readonly ledger: LedgerArea
  readonly releases: ReleasesArea
  readonly aliases: AliasesArea
  readonly lane: LaneArea
  readonly runs: RunsArea
  readonly fleet: FleetArea
  readonly evidence: EvidenceArea
  readonly labels: LabelsArea
  readonly exposure: ExposureArea
  readonly notices: NoticesArea
  readonly retention: RetentionArea
  status(): Promise<RegistryStatus>
  close(): Promise<void>
}
