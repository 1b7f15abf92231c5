/** The real data sets of SLIPWAY_TEST_DATA. In CI a test that needs a missing one fails; elsewhere it is skipped. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Path of a data set; undefined, with the reason printed, when it is missing: `it.skipIf(path === undefined)`. */
export function realData(...path: string[]): string | undefined {
  const folder = process.env.SLIPWAY_TEST_DATA
  const found = folder === undefined ? undefined : resolve(join(folder, ...path))
  if (found !== undefined && existsSync(found)) return found
  const problem = `SLIPWAY_TEST_DATA is ${folder === undefined ? 'not set' : `"${folder}"`}: no ${path.join('/')}`
  if (process.env.CI) throw new Error(problem)
  console.warn(`skipped: ${problem}`)
  return undefined
}
