/** `npm run contracts`: writes the JSON Schemas beside this file; a test fails when they drift. */
import { writeFileSync } from 'node:fs'
import { jsonSchemas } from './json-schemas.js'

for (const [name, text] of jsonSchemas()) writeFileSync(new URL(name, import.meta.url), text)
