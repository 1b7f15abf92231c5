import { z } from '@hono/zod-openapi'
import { EXPOSURE_PHASES } from '../../contracts/exposure.js'
import { ARMS } from '../../contracts/names.js'

export const aliasesAnswer = z
  .object({
    project: z.string(),
    production: z.string().nullable().openapi({ description: 'The release that alias production points at.' }),
    canary: z.string().nullable().openapi({ description: 'The release that alias canary points at.' }),
    split: z
      .object({
        workflowId: z.string().openapi({ description: 'The run that splits the traffic.' }),
        phase: z.enum(EXPOSURE_PHASES),
        arm: z.enum(ARMS).openapi({ description: 'The arm beside production.' }),
        basisPoints: z.int().openapi({ description: 'Share of that arm now, in 1/10,000.' }),
        evidence: z.enum(['replay', 'live']).openapi({ description: 'What the run is judged on.' }),
        clock: z
          .object({ eventStart: z.number(), wallStart: z.number(), speed: z.number() })
          .openapi({ description: 'Event time of the run: eventStart + (now - wallStart) × speed, in epoch ms.' }),
      })
      .nullable()
      .openapi({ description: 'Null while no run splits the traffic.' }),
    confirmedAt: z.string().openapi({ description: 'When the aliases were last read from the registry.' }),
    stale: z.boolean().openapi({ description: 'True if the registry has not answered for too long.' }),
    problem: z.string().nullable().openapi({ description: 'Why a release could not be loaded; null if all is well.' }),
  })
  .openapi('Aliases')

export const coverageAnswer = z
  .object({
    project: z.string(),
    workflowId: z.string(),
    asOf: z.string().openapi({ description: 'Event time of the numbers.' }),
    arms: z.array(
      z.object({
        arm: z.enum(ARMS),
        exposed: z.int().openapi({ description: 'Decisions.' }),
        labelled: z.int().openapi({ description: 'Decisions with a label.' }),
        coverage: z.number().nullable().openapi({ description: 'Labelled share; null without decisions.' }),
        matureExposed: z.int().openapi({ description: 'Decisions whose label horizon has passed.' }),
        matureLabelled: z.int().openapi({ description: 'Mature decisions with a label.' }),
        matureCoverage: z.number().nullable().openapi({ description: 'Labelled share of the mature decisions.' }),
      }),
    ),
    early: z.object({ kept: z.int(), unknown: z.int() }).openapi({
      description: 'Labels that arrived before their decision: all of them, and those whose decision is unknown.',
    }),
  })
  .openapi('Coverage')
