/** Which world the generator makes. A small JSON file of it stands for its data wherever a snapshot file is asked for. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { SlipwayError } from '../../../contracts/failure.js'
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
   * `drift`: the whole shop sells 45 % less. `stalled_counts`: counts are no longer delivered, labels are. `strong_promotions`:
   * they sell 1.8 times what they did.
   */
  situation: z.enum(SITUATIONS).default('none'),
  /** The day from which the situation holds. */
  from: z.iso.date().default('2024-03-05').transform(dayNumber),
})

export type World = z.infer<typeof description>

export const describeWorld = (given: Readonly<Record<string, unknown>>): World =>
  description.parse({ schema: 'forecast_world/1', ...given })

export const isWorldFile = (head: Buffer): boolean => /^\s*\{/.test(head.toString('utf8'))

/** @throws SlipwayError BadData naming the field that is wrong */
export async function readWorldFile(path: string): Promise<World> {
  const refuse = (problem: string): never => {
    const wanted = 'a world of the generator is {"schema":"forecast_world/1"}, with seed, series, situation and from'
    throw new SlipwayError('BadData', `${basename(path)} ${problem}; ${wanted}`)
  }
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    return refuse(`is no JSON: ${error instanceof Error ? error.message : error}`)
  }
  const parsed = description.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return refuse(`is no world: ${issue?.path.join('.') || 'it'} ${issue?.message}`)
}
