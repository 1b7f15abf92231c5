/** What an open release waits for, and since when, as far as the registry knows. */
import type { OpenRun } from '../registry/index.js'

export type WaitsFor = 'people' | 'machines' | 'lane' | 'labels'

export interface Wait {
  readonly waitsFor: WaitsFor
  /** ISO. */
  readonly since: string
}

/** @returns undefined for a release that only has to record its end */
export function waitOf({ stage, asked, paused, newestAt }: OpenRun): Wait | undefined {
  const person = stage === 'canary' ? (asked ?? paused) : null
  if (person) return { waitsFor: 'people', since: person.at }
  switch (stage) {
    case 'validating':
    case 'training':
    case 'evaluating':
    case 'promoting':
      return { waitsFor: 'machines', since: newestAt }
    case 'awaiting_canary':
      return { waitsFor: 'lane', since: newestAt }
    case 'canary':
    case 'probation':
      return { waitsFor: 'labels', since: newestAt }
    case 'done':
      return undefined
  }
}
