/** A part of the rows of judge 2 as JSON, in a process of its own: `part-main.ts RUNS SEED PART PARTS`. */
import { falseClaims } from './false-claims.js'
import { pairedClaims } from './paired/false-claims.js'
import { power } from './power.js'
import { segmentRates } from './segments.js'

const [runs = 0, seed = 0, part = 0, parts = 1] = process.argv.slice(2).map(Number)
const size = { runs, seed }
const found = {
  falseClaims: falseClaims(size, part, parts),
  power: power(size, part, parts),
  segments: segmentRates(size, part, parts),
  pairedClaims: pairedClaims(size, part, parts),
}
process.stdout.write(JSON.stringify(found))
