/** The generated shop: the default one, or one that a small file describes. */
import { basename } from 'node:path'
import { z } from 'zod'
import { canonicalJson, sha256 } from '../../../contracts/canonical.js'
import { DAY_MS } from '../../../contracts/duration.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { jsonOf } from '../../../contracts/utf8.js'
import { wholeFile } from '../../kit/whole-file.js'
import type { Shop } from '../data/shop.js'
import { pagesBetween } from './recorded-pages.js'
import { trafficBetween } from './shop-traffic.js'
import { DEFAULT_PER_DAY, DEFAULT_SEED, openWorld } from './shop-world.js'
import { SITUATIONS, type SituationName } from './situations.js'

const NAMES = Object.keys(SITUATIONS) as SituationName[]

const worldFile = z.strictObject({
  schema: z.literal('slipway.ranking_world/1'),
  seed: z.int().min(0).default(DEFAULT_SEED),
  /** Results pages a day. It determines the size of the training data and how soon a canary is judged. */
  perDay: z.int().min(50).max(5_000).default(DEFAULT_PER_DAY),
  situation: z.enum(NAMES).default('none'),
  /** The day on which the situation begins or ends. */
  day: z.iso.date().default('2025-03-10'),
})

export const generatedShop = (): Shop => shopOf(worldFile.parse({ schema: 'slipway.ranking_world/1' }))

/** @throws SlipwayError BadData naming what is wrong with the file */
export async function shopFromFile(source: string): Promise<Shop> {
  const name = basename(source)
  const refuse = (problem: string): never => {
    const example = '{"schema": "slipway.ranking_world/1", "seed": 7, "situation": "drift", "day": "2025-03-15"}'
    throw new SlipwayError(
      'BadData',
      `${name} does not describe a generated shop: ${problem}; write for example ${example}`,
    )
  }
  const bytes = await wholeFile(source, 'give a file that describes a generated shop')
  let value: unknown
  try {
    value = jsonOf(bytes)
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const parsed = worldFile.safeParse(value)
  if (parsed.success) return shopOf(parsed.data)
  return refuse(parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'it'}: ${message}`).join('; '))
}

function shopOf(described: z.infer<typeof worldFile>): Shop {
  const { seed, perDay, situation, day } = described
  const world = openWorld({ seed, perDay, situation: { name: situation, day: Date.parse(day) / DAY_MS } })
  // The description is the source: with it and this code, every row can be generated again.
  const text = canonicalJson(described)
  return {
    source: {
      name: `generated shop, seed ${seed}, situation ${situation}`,
      files: [{ name: 'description of the shop', sha256: sha256(text), bytes: text.length }],
    },
    listings: new Map(world.catalogue.map(({ listing }) => [listing.id, listing])),
    rejected: [],
    pages: (from, cutoff) => pagesBetween(world, from, cutoff),
    traffic: (from, to) => trafficBetween(world, from, to),
  }
}
