import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isFolder, namesIn } from '../../kit/user-file.js'
import type { SourceProblems } from '../../project.js'
import { generatedShop, shopFromFile } from '../generator/generated-shop.js'
import { judgedShop } from '../judged/judged-shop.js'
import type { Shop } from './shop.js'

const WANTED = 'give a folder with judged queries and a catalogue, or a file that describes a generated shop'

/** Cache of one source. Replay asks for one day after the other. */
let kept: { key: string; shop: Promise<Shop> } | undefined

/**
 * @param source a folder of judged queries and a catalogue, or a file that describes a generated shop; the default shop
 * when absent
 * @throws SlipwayError BadData naming what is wrong and what to give instead
 */
export async function openShop(source: string | undefined, problems?: SourceProblems): Promise<Shop> {
  if (source === undefined) return generatedShop()
  const isShopFolder = await isFolder(source, WANTED)
  if (problems && isShopFolder) return judgedShop(source, problems)
  const key = await stateOf(source, isShopFolder)
  if (kept?.key !== key) {
    const shop = isShopFolder ? judgedShop(source) : shopFromFile(source)
    kept = { key, shop }
    // A refused source is read again: it may have been fixed within the same millisecond.
    shop.catch(() => {
      if (kept?.shop === shop) kept = undefined
    })
  }
  return kept.shop
}

/** Changes when a file does. */
async function stateOf(path: string, isShopFolder: boolean): Promise<string> {
  const files = isShopFolder ? (await namesIn(path, WANTED)).map((name) => join(path, name)) : [path]
  const states = files.map(async (file) => {
    // A link that leads nowhere is refused where it is read, if it is one of the two files.
    const known = await stat(file).catch(() => undefined)
    return `${file}:${known?.mtimeMs}:${known?.size}`
  })
  return (await Promise.all(states)).join('\n')
}
