import { decisions } from './decisions.js'
import type { Measurement } from './measurement.js'
import { registry } from './registry.js'
import { releases } from './releases.js'
import { rollback } from './rollback.js'
import { start } from './start.js'
import { trainerStart } from './trainer-start.js'
import { waiting } from './waiting.js'

/** In the order in which they run. */
export const MEASUREMENTS: ReadonlyMap<string, Measurement> = new Map(
  Object.entries({ releases, 'trainer-start': trainerStart, waiting, registry, rollback, decisions, start }),
)
