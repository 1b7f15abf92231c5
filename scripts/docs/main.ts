/**
 * `npm run docs`: writes the pages that are made from the code. With `--check` it only says which of them differ, and
 * fails.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { generatedPages, readPage } from './generated.js'

const root = new URL('../../', import.meta.url)
const pages = await generatedPages()
if (process.argv.includes('--check')) {
  const stale = [...pages].filter(([path, text]) => readPage(path) !== text).map(([path]) => path)
  for (const path of stale) console.error(`${path} is not what the code says; run: npm run docs`)
  if (stale.length > 0) process.exit(1)
  console.log(`${pages.size} generated pages are what the code says`)
} else {
  mkdirSync(new URL('docs/reference', root), { recursive: true })
  for (const [path, text] of pages) writeFileSync(new URL(path, root), text)
}
