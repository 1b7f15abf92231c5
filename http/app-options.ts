/** What routes share: the application's type, its guard and its options. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ReleaseInput } from '../contracts/types.js'
import type { Access, createGuard, Variables } from './guard.js'

/** @throws SlipwayError Unavailable when it could not be started; asking again with the same id is safe */
export type StartRelease = (input: ReleaseInput) => Promise<{ workflowId: string; existed: boolean }>

export type App = OpenAPIHono<{ Variables: Variables }>
export type Guard = ReturnType<typeof createGuard>

export interface AppOptions extends Access {
  /** The Temporal Web UI's address of a run; null where none is known. */
  readonly workflowUrl: (workflowId: string) => string | null
  /** Starts a release, or finds it under its id. Absent: this service has no Temporal to start one in. */
  readonly startRelease?: StartRelease
  readonly version: string
}
