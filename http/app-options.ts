/** Types shared by all routes: the application, its guard and its options. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { PayloadCodec } from '@temporalio/common'
import type { LiveOptions } from '../console/live/live-views.js'
import type { Traces } from '../contracts/traces.js'
import type { ReleaseInput } from '../contracts/types.js'
import type { CheckedSource } from '../releases/check-source.js'
import type { Prover } from '../releases/identity/prover.js'
import type { PolicyWorkOptions } from '../releases/policy/policy-work.js'
import type { WithClient } from '../releases/with-client.js'
import type { Access, createGuard, Variables } from './guard.js'

/** @throws SlipwayError Unavailable if the release could not be started; a retry with the same id is safe */
export type StartRelease = (input: ReleaseInput) => Promise<{ workflowId: string; existed: boolean }>

export type App = OpenAPIHono<{ Variables: Variables }>
export type Guard = ReturnType<typeof createGuard>

export interface AppOptions extends Access {
  /** The address of a run in the Temporal Web UI; null if no Web UI is known. */
  readonly workflowUrl: (workflowId: string) => string | null
  /** Starts a release, or finds the one with its id. Absent if this service has no Temporal server. */
  readonly startRelease?: StartRelease
  /** Stores data that are sent. Absent if this service takes none. */
  readonly snapshots?: {
    /** For data that are being received. */
    readonly folder: string
    /** Bytes of one snapshot. */
    readonly most: number
    readonly check: (project: string, path: string, cutoff: number) => Promise<CheckedSource>
  }
  /** For operator actions. Absent if this service has no Temporal server. */
  readonly withClient?: WithClient
  /** Decrypts payloads for the Web UI; absent where nothing is encrypted. */
  readonly codec?: Pick<PayloadCodec, 'decode'> | undefined
  /** Origin of the Web UI, whose pages may ask for that. */
  readonly uiOrigin?: string | undefined
  /** Limits of the streams to pages of the console. */
  readonly live?: Omit<LiveOptions, 'stamp'>
  /** Limits of computations on policies. */
  readonly policyWork?: PolicyWorkOptions
  /** Signs proven names for the workers. */
  readonly prover?: Prover | undefined
  /** Where requests are traced; absent where they are not. */
  readonly traces?: Traces | undefined
  readonly version: string
}
