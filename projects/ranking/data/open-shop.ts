import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SlipwayError } from '../../../contracts/failure.js'
import type { SourceProblems } from '../../project.js'
import { generatedShop, shopFromFile } from '../generator/generated-shop.js'
import { judgedShop } from '../judged/judged-shop.js'
import type { Shop } from './shop.js'

/** Cache of one source. Replay asks for one day after the other. */
let kept: { key: string; shop: Promise<Shop> } | undefined

/**
 * @param source a folder of judged queries and a catalogue, or a file that describes a generated shop; the default shop
 * when absent
 * @throws SlipwayError BadData naming what is wrong and what to give instead
 */
export async function openShop(source: string | undefined, problems?: SourceProblems): Promise<Shop> {
  if (source === undefined) return generatedShop()
  const info = await stat(source).catch(() => undefined)
  if (!info) {
    const wanted = 'give a folder with judged queries and a catalogue, or a file that describes a generated shop'
    throw new SlipwayError('BadData', `${source} does not exist; ${wanted}`)
  }
  if (problems && info.isDirectory()) return judgedShop(source, problems)
  const key = await stateOf(source, info.isDirectory())
  if (kept?.key !== key) {
    const shop = info.isDirectory() ? judgedShop(source) : shopFromFile(source)
    kept = { key, shop }
    // A refused source is read again: it may have been fixed within the same millisecond.
    shop.catch(() => {
      if (kept?.shop === shop) kept = undefined
    })
  }
  return kept.shop
}

/** Changes when a file does. */
async function stateOf(path: string, isFolder: boolean): Promise<string> {
  const files = isFolder ? (await readdir(path)).sort().map((name) => join(path, name)) : [path]
  const states = files.map(async (file) => {
    const { mtimeMs, size } = await stat(file)
    return `${file}:${mtimeMs}:${size}`
  })
  return (await Promise.all(states)).join('\n')
}
