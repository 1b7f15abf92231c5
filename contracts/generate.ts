/** `npm run contracts`: writes the JSON Schemas beside this file; a test fails when they drift. */
import { writeFileSync } from 'node:fs'
import { entrySchemas, jsonSchemas } from './json-schemas.js'

for (const [name, text] of [...jsonSchemas(), ...entrySchemas()]) writeFileSync(new URL(name, import.meta.url), text)
