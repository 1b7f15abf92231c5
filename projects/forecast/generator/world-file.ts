/** The description of a generated world. A small JSON file with it can be given as `--snapshot` in place of data. */

import { basename } from 'node:path'
import { z } from 'zod'
import { SlipwayError } from '../../../contracts/failure.js'
import { jsonOf } from '../../../contracts/utf8.js'
import { wholeFile } from '../../kit/whole-file.js'
import { dayNumber } from '../counts/history.js'

export const SITUATIONS = ['none', 'drift', 'stalled_counts', 'strong_promotions'] as const

const description = z.strictObject({
  schema: z.literal('forecast_world/1'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(20_260),
  series: z.int().min(8).max(5_000).default(800),
  /**
   * `drift`: the whole shop sells 45 % less. `stalled_counts`: counts are no longer delivered, but labels are.
   * `strong_promotions`: promotions sell 1.8 times as much as before.
   */
  situation: z.enum(SITUATIONS).default('none'),
  /** The first day of the situation. */
  from: z.iso.date().default('2024-03-05').transform(dayNumber),
})

export type World = z.infer<typeof description>

export const describeWorld = (given: Readonly<Record<string, unknown>>): World =>
  description.parse({ schema: 'forecast_world/1', ...given })

export const isWorldFile = (head: Buffer): boolean => /^\s*\{/.test(head.toString('utf8'))

/** @throws SlipwayError BadData naming the field that is wrong */
export async function readWorldFile(source: string): Promise<World> {
  const refuse = (problem: string): never => {
    const wanted =
      'a description of a generated world is {"schema":"forecast_world/1"}, optionally with seed, series, situation and from'
    throw new SlipwayError('BadData', `${basename(source)} ${problem}; ${wanted}`)
  }
  const bytes = await wholeFile(source)
  let value: unknown
  try {
    value = jsonOf(bytes)
  } catch (error) {
    return refuse(`is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  const parsed = description.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return refuse(`does not describe a world: ${issue?.path.join('.') || 'it'} ${issue?.message}`)
}
