/** Parts of the rows of judge 2 as JSON, in a process of its own: `part-main.ts RUNS SEED PARTS PART…`. */
import { partOf } from './run.js'

const [runs = 0, seed = 0, parts = 1, ...chosen] = process.argv.slice(2).map(Number)
process.stdout.write(JSON.stringify(chosen.map((part) => partOf({ runs, seed }, part, parts))))
