/** `npm run docs`: writes the pages that are made from the code; a test fails when they differ. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { generatedPages } from './generated.js'

const root = new URL('../../', import.meta.url)
mkdirSync(new URL('docs/reference', root), { recursive: true })
for (const [path, text] of await generatedPages()) writeFileSync(new URL(path, root), text)
