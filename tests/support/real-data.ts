/** The real data sets of SLIPWAY_TEST_DATA: CI has them, and a test that needs one fails there when it is missing. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The path of a data set, or undefined with the reason printed: `it.skipIf(path === undefined)`. */
export function realData(...path: string[]): string | undefined {
  const folder = process.env.SLIPWAY_TEST_DATA
  const found = folder === undefined ? undefined : resolve(join(folder, ...path))
  if (found !== undefined && existsSync(found)) return found
  const problem = `SLIPWAY_TEST_DATA is ${folder === undefined ? 'not set' : `"${folder}"`}: no ${path.join('/')}`
  if (process.env.CI) throw new Error(problem)
  console.warn(`skipped: ${problem}`)
  return undefined
}
